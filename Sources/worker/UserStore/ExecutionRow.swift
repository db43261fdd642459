package import DomainModel

/// A row of the execution log; see ``NewExecution`` for the fields.
package struct ExecutionRow: Sendable, Equatable {
    package var id: Int64
    package var rule: RuleID
    package var ruleName: String
    package var kind: String
    package var itemsProcessed: Int
    package var isSuccess: Bool
    package var errorMessage: String?
    /// Whole seconds.
    package var executedAt: Timestamp
}
