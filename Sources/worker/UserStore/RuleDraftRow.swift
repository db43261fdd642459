package import DomainModel

/// A rule as posted, validated by the caller, to be stored. JSON texts are kept as given.
package struct RuleDraftRow: Sendable, Equatable {
    /// The stored rule that this replaces; nil, or an id that is not stored, makes a new one.
    package var id: RuleID?
    package var name: String
    package var isEnabled: Bool
    package var assetTypes: String
    package var trigger: String
    package var conditions: String
    package var action: String
    package var metadata: String?

    package init(
        id: RuleID? = nil, name: String, isEnabled: Bool, assetTypes: String, trigger: String, conditions: String,
        action: String, metadata: String? = nil
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
}

extension RuleDraftRow {
    /// Whether storing this over `row` changes what the rule does or whether it runs. Name and metadata do not count.
    func changesBehaviour(of row: RuleRow) -> Bool {
        isEnabled != row.isEnabled
            || !RuleJSON.sameMeaning(assetTypes, row.assetTypes) || !RuleJSON.sameMeaning(trigger, row.trigger)
            || !RuleJSON.sameMeaning(conditions, row.conditions) || !RuleJSON.sameMeaning(action, row.action)
    }

    /// Whether anything at all would be written.
    func differs(from row: RuleRow) -> Bool {
        name != row.name || isEnabled != row.isEnabled || assetTypes != row.assetTypes || trigger != row.trigger
            || conditions != row.conditions || action != row.action || metadata != row.metadata
    }
}
