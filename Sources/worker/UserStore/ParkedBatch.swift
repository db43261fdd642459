package import DomainModel

/// What one rule wanted to destroy and may not before a person says so. At most one of a rule is open at a time.
package struct ParkedBatch: Sendable, Equatable {
    /// Why it was parked. The raw values are stored.
    package enum Reason: String, Sendable, Hashable {
        /// More than the rule may destroy in one run.
        case limit
        /// Many users' rules matched far more than before, so nothing is destroyed until that is over.
        case breaker
    }

    /// What was decided. The raw values are stored.
    package enum State: String, Sendable, Hashable {
        /// Nobody has decided yet.
        case open
        /// A person lets it run; the poll that follows carries it out.
        case approved
        /// A person refused it; its items are not parked again while the rule and its matches stay as they are.
        case rejected
        /// The rule was changed, switched off or deleted, or nothing of the batch was left.
        case withdrawn
    }

    package var id: Int64
    package var rule: RuleID
    package var ruleName: String
    /// The revision of the rule that wanted it.
    package var revision: Int64
    /// `delete`, `archive` or `stop_seeding`.
    package var action: String
    package var reason: Reason
    /// Items that one run of the rule might have destroyed.
    package var limit: Int
    /// Items in the library when the batch was last added to.
    package var librarySize: Int
    package var state: State
    package var logID: Int64?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var decidedAt: Timestamp?
    /// Once set, polls no longer look at it.
    package var closedAt: Timestamp?
    /// Its rows of the journal: those that are not finished in a live batch, all of them in a closed one.
    package var items: [ActionRow]

    package init(
        id: Int64, rule: RuleID, ruleName: String, revision: Int64, action: String, reason: Reason, limit: Int,
        librarySize: Int, state: State, logID: Int64? = nil, createdAt: Timestamp, updatedAt: Timestamp,
        decidedAt: Timestamp? = nil, closedAt: Timestamp? = nil, items: [ActionRow] = []
    ) {
        self.id = id
        self.rule = rule
        self.ruleName = ruleName
        self.revision = revision
        self.action = action
        self.reason = reason
        self.limit = limit
        self.librarySize = librarySize
        self.state = state
        self.logID = logID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.decidedAt = decidedAt
        self.closedAt = closedAt
        self.items = items
    }
}
