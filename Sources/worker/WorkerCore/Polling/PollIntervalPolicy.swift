import DomainModel
import ServiceSupport

/// When a user is polled next, from how the last poll ended and how many ended badly in a row. Pure.
///
/// Failures in a row: 1 -> 30 s, 2 -> 60 s, 4 -> 4 min, from 5 on 5 min for outages and incomplete answers.
struct PollIntervalPolicy: Sendable {
    /// What earlier polls left.
    struct Past: Sendable, Equatable {
        /// Bad endings of any kind in a row.
        var failures = 0
        /// Refusals of the key, and of the plan, without a good poll since. Endings of other kinds neither count nor
        /// break the row; that the plan does not include a call proves the key good.
        var keyRefusals = 0
        var planRefusals = 0
    }

    struct Decision: Sendable, Equatable {
        /// Nil: not polled until something changes (a rule is saved, a key is registered).
        var nextDue: Timestamp?
        var past: Past
        /// Why polling pauses although rules are enabled; shown in status.
        var pausedReason: String?
        /// Whether the user's rules are to be switched off, because the plan does not include TorBox's API.
        var switchesRulesOff = false
    }

    /// Refusals of the key in a row before polling pauses. Source: stock's AUTH_FAILURE_DEACTIVATE_AFTER.
    static let refusalsBeforePause = 3
    /// The reason stored with such a pause.
    static let refusedKeyReason = "auth_failure"
    /// Refusals of the plan in a row before all rules are switched off. Source: stock's PLAN_RESTRICTED_DEACTIVATE_AFTER.
    static let planRefusalsBeforeSwitchingOff = 3

    /// Its cap is how long a user waits at most once trouble is over; a poll is a handful of calls of the 300 a minute.
    var backoff = Backoff(base: .seconds(30), cap: .seconds(300))
    /// Between polls after a refused key or plan. Source: stock's 30 minutes.
    var refusalInterval: Duration = .seconds(1_800)
    /// When TorBox limits without saying for how long: its window is a minute, recovery was seen to take five.
    var limitInterval: Duration = .seconds(300)
    /// Never longer, whatever `Retry-After` says.
    var longestRetryAfter: Duration = .seconds(3_600)

    func decide(
        _ outcome: PollOutcome, past: Past, dueBefore: Timestamp, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Decision {
        var after = past
        switch outcome {
        case .evaluated(let nextRuleDue):
            return Decision(nextDue: nextRuleDue.map { max($0, now) }, past: Past())
        case .interrupted:
            return Decision(nextDue: dueBefore, past: past)
        case .rateLimited(let retryAfter):
            let wait = min(max(retryAfter ?? limitInterval, .seconds(1)), longestRetryAfter)
            return Decision(nextDue: now + wait, past: past)
        case .outage, .incomplete, .failed:
            after.failures += 1
            return Decision(nextDue: now + backoff.delay(attempt: after.failures, using: &generator), past: after)
        case .unauthorized:
            after.failures += 1
            after.keyRefusals += 1
            guard after.keyRefusals >= Self.refusalsBeforePause else {
                return Decision(nextDue: now + refusalInterval, past: after)
            }
            return Decision(nextDue: nil, past: after, pausedReason: Self.refusedKeyReason)
        case .planRestricted:
            after.failures += 1
            after.keyRefusals = 0
            after.planRefusals += 1
            guard after.planRefusals >= Self.planRefusalsBeforeSwitchingOff else {
                return Decision(nextDue: now + refusalInterval, past: after)
            }
            // Whoever switches them on again gets as many tries.
            after.planRefusals = 0
            return Decision(nextDue: nil, past: after, switchesRulesOff: true)
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
