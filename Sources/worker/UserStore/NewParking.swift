package import DomainModel

/// A rule's batch as a poll finds it, to be opened or brought up to date.
package struct NewParking: Sendable, Equatable {
    package var rule: RuleID
    package var ruleName: String
    package var revision: Int64
    package var action: String
    package var reason: ParkedBatch.Reason
    package var limit: Int
    package var librarySize: Int

    package init(
        rule: RuleID, ruleName: String, revision: Int64, action: String, reason: ParkedBatch.Reason, limit: Int,
        librarySize: Int
    ) {
        self.rule = rule
        self.ruleName = ruleName
        self.revision = revision
        self.action = action
        self.reason = reason
        self.limit = limit
        self.librarySize = librarySize
    }
}
