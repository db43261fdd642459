import DomainModel
import ServiceSupport

/// When a user is polled next, from how the last poll ended and how many ended badly in a row. Pure.
///
/// Failures in a row: 1 -> 30 s, 2 -> 60 s, 4 -> 4 min, 8 -> 30 min for outages and incomplete answers.
struct PollIntervalPolicy: Sendable {
    struct Decision: Sendable, Equatable {
        /// Nil: not polled until something changes (a rule is saved, a key is registered).
        var nextDue: Timestamp?
        var failureCount: Int
        /// Why polling pauses although rules are enabled; shown in status.
        var pausedReason: String?
    }

    /// Refusals of the key in a row before polling pauses. Source: stock's AUTH_FAILURE_DEACTIVATE_AFTER.
    static let refusalsBeforePause = 3
    /// The reason stored with such a pause.
    static let refusedKeyReason = "auth_failure"

    var backoff = Backoff(base: .seconds(30), cap: .seconds(1_800))
    /// Between polls after a refused key or plan. Source: stock's 30 minutes.
    var refusalInterval: Duration = .seconds(1_800)
    /// When TorBox limits without saying for how long: its window is a minute, recovery was seen to take five.
    var limitInterval: Duration = .seconds(300)
    /// Never longer, whatever `Retry-After` says.
    var longestRetryAfter: Duration = .seconds(3_600)

    /// - Parameter refusalsBefore: refusals of the key without an accepted call since; failures of other kinds do not
    ///   count.
    func decide(
        _ outcome: PollOutcome, failuresBefore: Int, refusalsBefore: Int, dueBefore: Timestamp, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Decision {
        let failures = failuresBefore + 1
        switch outcome {
        case .evaluated(let nextRuleDue):
            return Decision(nextDue: nextRuleDue.map { max($0, now) }, failureCount: 0)
        case .interrupted:
            return Decision(nextDue: dueBefore, failureCount: failuresBefore)
        case .rateLimited(let retryAfter):
            let wait = min(max(retryAfter ?? limitInterval, .seconds(1)), longestRetryAfter)
            return Decision(nextDue: now + wait, failureCount: failuresBefore)
        case .outage, .incomplete, .failed:
            return Decision(nextDue: now + backoff.delay(attempt: failures, using: &generator), failureCount: failures)
        case .unauthorized where refusalsBefore + 1 >= Self.refusalsBeforePause:
            return Decision(nextDue: nil, failureCount: failures, pausedReason: Self.refusedKeyReason)
        case .unauthorized, .planRestricted:
            return Decision(nextDue: now + refusalInterval, failureCount: failures)
        }
    }
}

extension Timestamp {
    /// Durations are added in whole milliseconds.
    static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return moment.advanced(bySeconds: seconds).advanced(byMilliseconds: attoseconds / 1_000_000_000_000_000)
    }
}
