package import DomainModel

/// What is held against one user, so that their trouble stays theirs.
package struct QuarantineRecord: Sendable, Equatable {
    package enum Cause: String, Sendable, Hashable, CaseIterable {
        /// The process died during the user's poll.
        case poll
        /// The process died while it served a request of the user.
        case request
        /// The user's file is damaged.
        case damage
    }

    package var user: UserID
    /// Of the latest incident.
    package var cause: Cause
    /// Deaths, or looks at the file that found it damaged, since the user was last sound; at least 1.
    package var incidents: Int
    package var lastIncident: Timestamp
    /// Nothing is done for the user before this. Nil: only suspected, so that work goes on, but not beside other suspects.
    package var until: Timestamp?
    /// For ``Cause/request``: those that were under way and have not ended well since. Names without commas.
    package var operations: Set<String>
    /// What the latest incident is known by: the breadcrumb file of the dead process, or the damaged file's identity.
    package var evidence: String

    package init(
        user: UserID, cause: Cause, incidents: Int, lastIncident: Timestamp, until: Timestamp?,
        operations: Set<String> = [], evidence: String
    ) {
        self.user = user
        self.cause = cause
        self.incidents = incidents
        self.lastIncident = lastIncident
        self.until = until
        self.operations = operations
        self.evidence = evidence
    }
}
