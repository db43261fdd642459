/// What a create left at TorBox.
package struct CreatedDownload: Sendable, Equatable {
    /// In the list of its kind; nil when it was queued, or when TorBox did not say.
    package var id: Int64?
    package var queuedID: Int64?
    /// Lower case; nil when TorBox did not say.
    package var hash: String?
    package var authID: String?
    /// TorBox had the data already; such a create is of another budget.
    package var wasCached: Bool

    package init(
        id: Int64? = nil, queuedID: Int64? = nil, hash: String? = nil, authID: String? = nil, wasCached: Bool = false
    ) {
        self.id = id
        self.queuedID = queuedID
        self.hash = hash
        self.authID = authID
        self.wasCached = wasCached
    }
}

/// What is known about a create after one attempt. The client never repeats one by itself.
package enum CreateResult: Sendable, Equatable {
    case created(CreatedDownload)
    /// TorBox says that the account has it already, listed or queued.
    case duplicate
    /// Certain not to have been done; asking again gives the same answer.
    case refused(code: String, detail: String?)
    /// Certain not to have been done because of a limit; nil when TorBox did not say for how long.
    case limited(retryAfter: Duration?, detail: String?)
    /// Certain not to have been done: the key is not accepted.
    case unauthorized(code: String)
    /// May or may not have been done: look for it before anything else. An outage when it tells of TorBox as a whole.
    case unknown(reason: String, isOutage: Bool)
    /// Certain not to have reached TorBox.
    case notSent(reason: String)
}

/// What TorBox's headers say about the budget that a create was of.
package struct CreateAllowance: Sendable, Equatable {
    package var limit: Int
    package var remaining: Int
    /// Until the budget starts afresh; nil when not said.
    package var reset: Duration?

    package init(limit: Int, remaining: Int, reset: Duration?) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}

/// The result of a create with all that its answer says.
package struct CreateAnswer: Sendable, Equatable {
    package var result: CreateResult
    /// Nil when there was no answer.
    package var status: Int?
    package var allowance: CreateAllowance?

    package init(_ result: CreateResult, status: Int? = nil, allowance: CreateAllowance? = nil) {
        self.result = result
        self.status = status
        self.allowance = allowance
    }
}
