package import DomainModel

/// A rule as its columns hold it, whoever wrote them.
package struct StoredRule: Sendable, Equatable {
    package var id: RuleID
    /// Rises with every change of what the rule means.
    package var revision: Int64
    package var name: String
    package var isEnabled: Bool
    /// `asset_types`: a list of names. Null (rows from before there were several) means torrents.
    package var assetTypes: JSONValue
    /// `trigger_config`.
    package var trigger: JSONValue
    /// `conditions`: `{logicOperator, groups}`, or a flat list from the first versions.
    package var conditions: JSONValue
    /// `action_config`.
    package var action: JSONValue

    package init(
        id: RuleID, revision: Int64, name: String, isEnabled: Bool, assetTypes: JSONValue, trigger: JSONValue,
        conditions: JSONValue, action: JSONValue
    ) {
        self.id = id
        self.revision = revision
        self.name = name
        self.isEnabled = isEnabled
        self.assetTypes = assetTypes
        self.trigger = trigger
        self.conditions = conditions
        self.action = action
    }
}
