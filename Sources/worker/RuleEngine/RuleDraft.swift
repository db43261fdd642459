package import DomainModel

/// A posted rule that passed validation, in the form in which its columns are stored.
package struct RuleDraft: Sendable, Equatable {
    /// The number the client gave. It names a stored rule or means nothing.
    package var id: RuleID?
    package var name: String
    package var isEnabled: Bool
    /// Each once, in alphabetical order of their names.
    package var assetTypes: [AssetType]
    /// `trigger_config`: as posted, with the interval's minutes normalised.
    package var trigger: JSONValue
    /// `conditions`: `{"logicOperator", "groups"}`, the groups verbatim with whatever else the client keeps in them.
    package var conditions: JSONValue
    /// `action_config`, verbatim.
    package var action: JSONValue
    /// Opaque; null when absent.
    package var metadata: JSONValue

    package init(
        id: RuleID?, name: String, isEnabled: Bool, assetTypes: [AssetType], trigger: JSONValue, conditions: JSONValue,
        action: JSONValue, metadata: JSONValue
    ) {
        self.id = id
        self.name = name
        self.isEnabled = isEnabled
        self.assetTypes = assetTypes
        self.trigger = trigger
        self.conditions = conditions
        self.action = action
        self.metadata = metadata
    }

    /// `asset_types` as JSON.
    package var assetTypesColumn: JSONValue { .array(assetTypes.map { .string($0.rawValue) }) }
}

extension RuleDraft {
    /// Whether both mean the same: asset types, trigger, conditions and action. Names, enabled, metadata, the keys
    /// that clients keep for themselves, and how a number is spelled make no difference.
    package func definitionEquals(_ other: RuleDraft) -> Bool {
        definition == other.definition
    }

    /// The same against a rule that is stored already.
    package func definitionEquals(_ stored: StoredRule) -> Bool {
        definition
            == RuleDefinition(
                assetTypes: stored.assetTypes, trigger: stored.trigger, conditions: stored.conditions,
                action: stored.action)
    }

    private var definition: RuleDefinition {
        RuleDefinition(assetTypes: assetTypesColumn, trigger: trigger, conditions: conditions, action: action)
    }
}
