import DomainModel
import ServiceSupport
import UserStore

/// Why nothing of one kind is handed over before some time. Pure: told from what the user's file holds, so it outlives a restart.
struct UploadGate: Sendable, Equatable {
    enum Reason: Sendable, Equatable { case rateLimit, uncachedLimit, connection, transient }

    var until: Timestamp
    var reason: Reason
    /// What the waiting uploads say.
    var message: String

    /// Longest rest for a key that TorBox does not accept; a renewed key ends it.
    static let longestKeyRest: Duration = .seconds(3_600)

    /// Nil when the way is open.
    ///
    /// - Parameters:
    ///   - attempts: of the kind, newest first.
    ///   - reachable: since when TorBox is known to answer again; trouble from before is over.
    ///   - renewed: when the user's key was stored last, as far as this process knows.
    static func closed(
        after attempts: [UploadAttempt], _ policy: UploadPolicy, allowance: UploadAllowance?, at now: Timestamp,
        reachable: Timestamp? = nil, renewed: Timestamp? = nil
    ) -> UploadGate? {
        let gates = [
            limit(attempts), hourly(attempts, policy, allowance, at: now),
            trouble(attempts, policy, since: reachable), key(attempts, since: renewed),
        ]
        return gates.compactMap(\.self).filter { $0.until > now }.max { $0.until < $1.until }
    }

    /// What TorBox said since it last took one.
    private static func limit(_ attempts: [UploadAttempt]) -> UploadGate? {
        attempts.prefix { $0.outcome != .success }.filter { $0.outcome == .limited }.compactMap(\.retryAt).max()
            .map { UploadGate(until: $0, reason: .rateLimit, message: UploadMessage.rateLimit) }
    }

    private static func hourly(
        _ attempts: [UploadAttempt], _ policy: UploadPolicy, _ allowance: UploadAllowance?, at now: Timestamp
    ) -> UploadGate? {
        if let allowance, allowance.isHourly, allowance.remaining == 0, let reset = allowance.resetAt, reset > now {
            return UploadGate(until: reset, reason: .uncachedLimit, message: UploadMessage.uncachedLimit)
        }
        let limit = allowance.flatMap { $0.isHourly ? $0.limit : nil } ?? policy.uncachedPerHour
        let budget = UploadBudget(attempts, at: now)
        guard budget.uncachedUsed >= limit, let reset = budget.uncachedReset(limit: limit) else { return nil }
        return UploadGate(until: reset, reason: .uncachedLimit, message: UploadMessage.uncachedLimit)
    }

    private static func trouble(
        _ attempts: [UploadAttempt], _ policy: UploadPolicy, since reachable: Timestamp?
    ) -> UploadGate? {
        let settled = attempts.filter { $0.outcome != .pending }
        guard let newest = settled.first, reachable.map({ newest.at >= $0 }) ?? true else { return nil }
        let strikes = settled.prefix { [.notSent, .lost, .notCreated].contains($0.outcome) }.count
        if strikes > 0 {
            let isPause = strikes >= policy.strikesBeforePause
            let rest = isPause ? policy.pause : policy.softDefer
            return UploadGate(
                until: newest.at.advanced(byMilliseconds: rest.milliseconds), reason: .connection,
                message: isPause ? UploadMessage.unavailable : UploadMessage.connection)
        }
        // One upload that TorBox stumbles over waits alone; when all do, the kind rests.
        let stumbles = settled.prefix { [.doubtful, .troubled].contains($0.outcome) }.count
        guard stumbles >= policy.strikesBeforePause else { return nil }
        let backoff = Backoff(base: policy.softDefer, cap: policy.pause, jitter: 0)
        let rest = backoff.plainDelay(attempt: stumbles - policy.strikesBeforePause + 1)
        return UploadGate(
            until: newest.at.advanced(byMilliseconds: rest.milliseconds), reason: .transient,
            message: UploadMessage.unavailable)
    }

    private static func key(_ attempts: [UploadAttempt], since renewed: Timestamp?) -> UploadGate? {
        let refusals = attempts.prefix { $0.outcome == .unauthorized }
        guard let newest = refusals.first, renewed.map({ newest.at > $0 }) ?? true else { return nil }
        let backoff = Backoff(base: .seconds(300), cap: longestKeyRest, jitter: 0)
        return UploadGate(
            until: newest.at.advanced(byMilliseconds: backoff.plainDelay(attempt: refusals.count).milliseconds),
            reason: .transient,
            message: "TorBox does not accept the API key. Enter it again; the upload goes on by itself then.")
    }
}
