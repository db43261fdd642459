import DomainModel
import TorBoxClient
import UserStore

/// What an answer to a create means for the upload and for the journal. Pure.
struct UploadDisposition: Sendable, Equatable {
    enum Fate: Sendable, Equatable {
        case completed(UploadResult)
        case failed(message: String)
        /// Back into the queue at its place. A nil message is the gate's own.
        case postponed(until: Timestamp?, message: String?, countsAsRetry: Bool)
    }

    var fate: Fate
    var outcome: UploadAttempt.Outcome
    var wasCached = false
    var retryAt: Timestamp?
    var detail: String?

    /// - Parameters:
    ///   - budget: before this create.
    ///   - asCachedOnly: it was sent on condition that TorBox has the data, though the user did not ask for that.
    static func of(
        _ answer: CreateAnswer, key: UploadKey, budget: UploadBudget, _ policy: UploadPolicy,
        asCachedOnly: Bool = false, at now: Timestamp
    ) -> UploadDisposition {
        switch answer.result {
        case .created(let made):
            return UploadDisposition(
                fate: .completed(UploadResult(hash: made.hash ?? key.hash, id: made.id, authID: made.authID)),
                outcome: .success, wasCached: made.wasCached)
        case .duplicate:
            // It is there, which is all that was asked for; no budget was used.
            return UploadDisposition(
                fate: .completed(UploadResult(hash: key.hash)), outcome: .init(code: "DUPLICATE_ITEM"))
        case .refused("DIFF_ISSUE", let detail) where asCachedOnly:
            // It was sent as one that TorBox has, and TorBox has it no more: its turn comes with the hour's budget.
            return UploadDisposition(
                fate: .postponed(until: nil, message: UploadMessage.uncachedLimit, countsAsRetry: false),
                outcome: .init(code: "DIFF_ISSUE"), detail: detail)
        case .refused(let code, let detail):
            return UploadDisposition(
                fate: .failed(message: detail.map { "\(code): \($0)" } ?? code), outcome: .init(code: code),
                detail: detail)
        case .limited(let wait, let detail):
            let retryAt = retryTime(wait, detail, budget, policy, at: now)
            return UploadDisposition(
                fate: .postponed(until: nil, message: nil, countsAsRetry: false), outcome: .limited, retryAt: retryAt,
                detail: detail)
        case .unauthorized(let code):
            return UploadDisposition(
                fate: .postponed(until: nil, message: nil, countsAsRetry: false), outcome: .unauthorized, detail: code)
        case .notSent(let reason):
            return UploadDisposition(
                fate: .postponed(until: nil, message: nil, countsAsRetry: false), outcome: .notSent, detail: reason)
        case .unknown(let reason, let isOutage):
            // Looked up soon, in case it is there; what a list without it proves is for the settlement to say.
            return UploadDisposition(
                fate: .postponed(
                    until: now.advanced(byMilliseconds: policy.softDefer.milliseconds),
                    message: isOutage ? UploadMessage.connection : UploadMessage.unsettled, countsAsRetry: !isOutage),
                outcome: isOutage ? .lost : .doubtful, detail: reason)
        }
    }

    /// The hour's refusal often names no time: then our own count tells, and where that has room, somebody else's app
    /// used the budget.
    private static func retryTime(
        _ wait: Duration?, _ detail: String?, _ budget: UploadBudget, _ policy: UploadPolicy, at now: Timestamp
    ) -> Timestamp {
        if let wait { return now.advanced(byMilliseconds: max(1_000, wait.milliseconds)) }
        if detail?.contains("minute") == true { return now.advanced(bySeconds: UploadBudget.minute) }
        if budget.uncachedUsed >= policy.uncachedPerHour,
            let reset = budget.uncachedReset(limit: policy.uncachedPerHour), reset > now
        {
            return reset
        }
        return now.advanced(byMilliseconds: policy.externalLimitWait.milliseconds)
    }
}
