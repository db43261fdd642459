package import DomainModel

/// One action on one item as a rule asks for it, to be written to the journal.
package struct NewAction: Sendable, Equatable {
    package var rule: RuleID
    package var ruleName: String
    /// The revision of the rule that asked; it must still be the current one when the action is sent.
    package var revision: Int64
    package var item: ItemKey
    /// The item's hash at match time, to be compared before a destructive call.
    package var hash: String?
    package var itemName: String?
    /// `delete`, `stop_seeding` and so on, as in the rule.
    package var action: String
    /// JSON, such as the tag ids.
    package var parameters: String?
    /// JSON: why the item matched.
    package var evidence: String?
    /// Normally planned; skipped and parked ones are journalled as such at once.
    package var state: ActionState
    package var detail: String?
    /// The batch that it is parked in.
    package var batchID: Int64?

    package init(
        rule: RuleID, ruleName: String, revision: Int64, item: ItemKey, hash: String? = nil, itemName: String? = nil,
        action: String, parameters: String? = nil, evidence: String? = nil, state: ActionState = .planned,
        detail: String? = nil, batchID: Int64? = nil
    ) {
        self.rule = rule
        self.ruleName = ruleName
        self.revision = revision
        self.item = item
        self.hash = hash
        self.itemName = itemName
        self.action = action
        self.parameters = parameters
        self.evidence = evidence
        self.state = state
        self.detail = detail
        self.batchID = batchID
    }
}
