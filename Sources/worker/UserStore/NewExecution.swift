package import DomainModel

/// One run of a rule, to be logged.
package struct NewExecution: Sendable, Equatable {
    package var rule: RuleID
    package var ruleName: String
    /// `execution` in all of stock's rows.
    package var kind: String
    /// Items acted on with success.
    package var itemsProcessed: Int
    /// True only when nothing failed and nothing was skipped as protected.
    package var isSuccess: Bool
    package var errorMessage: String?
    package var at: Timestamp

    package init(
        rule: RuleID, ruleName: String, kind: String = "execution", itemsProcessed: Int, isSuccess: Bool,
        errorMessage: String? = nil, at: Timestamp
    ) {
        self.rule = rule
        self.ruleName = ruleName
        self.kind = kind
        self.itemsProcessed = itemsProcessed
        self.isSuccess = isSuccess
        self.errorMessage = errorMessage
        self.at = at
    }
}
