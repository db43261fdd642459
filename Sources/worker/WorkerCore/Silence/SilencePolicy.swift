import DomainModel
import Registry

/// Whose rules have not been evaluated for too long, and why. Pure.
struct SilencePolicy: Sendable {
    /// A bounded label for status and log.
    enum Reason: String, Sendable, Hashable, CaseIterable {
        case outage, limit, incomplete, backlog
        case authFailure = "auth_failure"
        case planRestricted = "plan_restricted"
        /// The worker died over this user, or the user's file is damaged.
        case quarantine
        /// The user has not been present for so long that polling has paused. As intended, so it is told and not alarmed of.
        case inactivity = "user_inactive"
        /// Our own side: a full disk, a bug.
        case failed
    }

    /// What this process saw of a user.
    struct Observation: Sendable, Equatable {
        /// Twice the interval after the last evaluation, for the rule for which that comes first; nil when no poll has
        /// evaluated rules since the process began.
        var deadline: Timestamp?
        /// How the last poll ended that was not interrupted.
        var lastOutcome: PollOutcome?
    }

    /// When the process began to watch.
    let start: Timestamp

    /// Assumed of rules that this process has not read yet. Source: the shortest interval there is.
    static let assumedIntervalSeconds = Int64(RuleSchedule.defaultIntervalMinutes * 60)

    /// Nil while all is well, and for users who have nothing to evaluate.
    func reason(
        _ user: RegisteredUser, _ seen: Observation, isOutage: Bool, isQuarantined: Bool = false, at now: Timestamp
    ) -> Reason? {
        guard user.isActive, user.hasActiveRules, now > deadline(user, seen) else { return nil }
        if isQuarantined { return .quarantine }
        // A pause says itself why; its code is the reason's.
        if let pause = user.pausedReason { return Reason(rawValue: pause) ?? .backlog }
        if isOutage { return .outage }
        return switch seen.lastOutcome {
        case .rateLimited: .limit
        case .outage: .outage
        case .incomplete: .incomplete
        case .unauthorized: .authFailure
        case .planRestricted: .planRestricted
        case .failed: .failed
        case .evaluated, .interrupted, nil: .backlog
        }
    }

    /// Without an evaluation of our own to go by, a user gets one interval from the start on, or from the time at which
    /// the poll is due. A pause is known to have no end: it counts from the last success.
    private func deadline(_ user: RegisteredUser, _ seen: Observation) -> Timestamp {
        if let deadline = seen.deadline { return deadline }
        guard user.pausedReason == nil else {
            return (user.lastSuccess ?? user.createdAt).advanced(bySeconds: 2 * Self.assumedIntervalSeconds)
        }
        let due = user.failureCount == 0 ? user.nextDue ?? start : start
        return max(due, start).advanced(bySeconds: Self.assumedIntervalSeconds)
    }
}
