import DomainModel
import Logging
import Observability
import Registry
import Synchronization

/// Keeps an eye on users who should have been evaluated: counts them, and logs once when an episode begins and ends.
final class SilenceWatch: Sendable {
    private struct State {
        var seen: [UserID: SilencePolicy.Observation] = [:]
        var overdue: [UserID: SilencePolicy.Reason] = [:]
    }
    private let state = Mutex(State())
    private let policy: SilencePolicy
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    init(now: @escaping @Sendable () -> Timestamp, logger: Logger) {
        policy = SilencePolicy(start: now())
        self.now = now
        self.logger = logger
    }

    /// Takes in how a poll ended.
    /// - Parameter deadline: until when the next evaluation has to be; nil when the user has no rule left, or when
    ///   nothing was evaluated.
    func note(_ outcome: PollOutcome, deadline: Timestamp?, of user: UserID) {
        state.withLock { state in
            switch outcome {
            case .interrupted: return
            case .evaluated: state.seen[user] = .init(deadline: deadline, lastOutcome: outcome)
            default: state.seen[user, default: .init()].lastOutcome = outcome
            }
        }
    }

    /// Judges everybody anew. Those who are not among `users` any more are forgotten.
    func review(
        _ users: [RegisteredUser], isOutage: Bool, isQuarantined: (UserID) -> Bool = { _ in false }
    ) {
        let moment = now()
        let (began, ended) = state.withLock { state in
            let seen = state.seen
            var overdue: [UserID: SilencePolicy.Reason] = [:]
            for user in users {
                overdue[user.id] = policy.reason(
                    user, seen[user.id] ?? .init(), isOutage: isOutage, isQuarantined: isQuarantined(user.id),
                    at: moment)
            }
            let here = Set(users.map(\.id))
            state.seen = seen.filter { here.contains($0.key) }
            let before = state.overdue
            state.overdue = overdue
            return (
                overdue.filter { before[$0.key] == nil },
                before.filter { overdue[$0.key] == nil && here.contains($0.key) && $0.value != .inactivity }.map(\.key)
            )
        }
        for (user, reason) in began where reason != .inactivity {
            logger.warning(
                "rules overdue", metadata: [LogKey.userID: "\(user.short)", LogKey.reason: "\(reason.rawValue)"])
        }
        for user in ended {
            logger.notice("rules no longer overdue", metadata: [LogKey.userID: "\(user.short)"])
        }
    }

    /// As of the last review; without those who are away, for whom it is meant to be so.
    var overdueCount: Int { state.withLock { $0.overdue.values.count { $0 != .inactivity } } }

    /// Overdue users for each reason, as of the last review.
    var reasons: [SilencePolicy.Reason: Int] {
        state.withLock { state in state.overdue.values.reduce(into: [:]) { $0[$1, default: 0] += 1 } }
    }

    func reason(of user: UserID) -> SilencePolicy.Reason? { state.withLock { $0.overdue[user] } }
}
