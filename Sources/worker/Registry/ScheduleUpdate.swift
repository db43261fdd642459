package import DomainModel

/// What a poll, or the decision not to poll, leaves in the schedule.
package struct ScheduleUpdate: Sendable, Equatable {
    package var user: UserID
    /// Nil is due now.
    package var nextDue: Timestamp?
    /// Nil leaves the stored time.
    package var lastPolled: Timestamp?
    /// Nil leaves the stored time.
    package var lastSuccess: Timestamp?
    /// Code and short text, never a key or a body; nil clears.
    package var lastError: String?
    package var failureCount: Int
    package var keyRefusals: Int
    package var planRefusals: Int
    /// Nil clears.
    package var retryAfter: Timestamp?
    /// Nil resumes.
    package var pausedReason: String?
    /// What TorBox says about the account, JSON; nil leaves the stored text.
    package var torboxAccount: String?

    package init(
        user: UserID, nextDue: Timestamp?, lastPolled: Timestamp? = nil, lastSuccess: Timestamp? = nil,
        lastError: String? = nil, failureCount: Int = 0, keyRefusals: Int = 0, planRefusals: Int = 0,
        retryAfter: Timestamp? = nil, pausedReason: String? = nil,
        torboxAccount: String? = nil
    ) {
        self.user = user
        self.nextDue = nextDue
        self.lastPolled = lastPolled
        self.lastSuccess = lastSuccess
        self.lastError = lastError
        self.failureCount = failureCount
        self.keyRefusals = keyRefusals
        self.planRefusals = planRefusals
        self.retryAfter = retryAfter
        self.pausedReason = pausedReason
        self.torboxAccount = torboxAccount
    }
}
