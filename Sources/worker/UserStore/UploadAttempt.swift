package import DomainModel

/// One try to hand an upload to TorBox. Committed before the call and completed after it, so that what a dead process
/// left open is known. From these rows alone follow the budget, the strikes and the pauses, after a restart too.
package struct UploadAttempt: Sendable, Equatable {
    /// How it ended: stock's `error_code` where TorBox named one, or one of ours. An open set.
    package struct Outcome: Sendable, Hashable {
        package let code: String?
        package init(code: String?) { self.code = code }

        package static let success = Outcome(code: nil)
        /// The call is under way, or was when the process ended.
        package static let pending = Outcome(code: "PENDING")
        /// The call was sent, and no answer of TorBox came back.
        package static let lost = Outcome(code: "LOST")
        /// TorBox answered, and the answer leaves open what became of the call.
        package static let doubtful = Outcome(code: "DOUBTFUL")
        /// A lost one that a later list proved not to have been carried out.
        package static let notCreated = Outcome(code: "NOT_CREATED")
        /// A lost one of which nothing could be proved; the user was told.
        package static let unprovable = Outcome(code: "UNPROVABLE")
        /// TorBox could not be reached; nothing was sent.
        package static let notSent = Outcome(code: "CONNECTION")
        /// TorBox asked to slow down.
        package static let limited = Outcome(code: "RATE_LIMIT")
        /// TorBox does not accept the key.
        package static let unauthorized = Outcome(code: "UNAUTHORIZED")
        /// A doubtful one that a later list proved not to have been carried out.
        package static let troubled = Outcome(code: "TRANSIENT")
    }

    package var id: Int64
    package var upload: Int64?
    package var outcome: Outcome
    package var status: Int?
    package var wasCached: Bool
    /// Of the call, whole seconds.
    package var at: Timestamp
    /// When TorBox, or our own count, says to come back.
    package var retryAt: Timestamp?

    package init(
        id: Int64, upload: Int64?, outcome: Outcome, status: Int? = nil, wasCached: Bool = false, at: Timestamp,
        retryAt: Timestamp? = nil
    ) {
        self.id = id
        self.upload = upload
        self.outcome = outcome
        self.status = status
        self.wasCached = wasCached
        self.at = at
        self.retryAt = retryAt
    }

    /// Whether what became of the call is still open.
    package var isUnsettled: Bool { [.pending, .lost, .doubtful].contains(outcome) }

    /// The codes of unsettled ones, in SQL.
    static let unsettledCodes = "('PENDING', 'LOST', 'DOUBTFUL')"
}
