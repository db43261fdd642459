/// The requests of one key in one fixed window. Pure: the moment comes from outside.
struct RateLimitWindow: Sendable, Equatable {
    private(set) var ends: ContinuousClock.Instant
    private(set) var count = 0

    init(ends: ContinuousClock.Instant) { self.ends = ends }

    func isOver(at now: ContinuousClock.Instant) -> Bool { now >= ends }

    /// Counts one more request, those over the limit too. The next window begins with the first request after the one before.
    mutating func hit(_ policy: RateLimitPolicy, at now: ContinuousClock.Instant) -> RateLimitDecision {
        if isOver(at: now) { self = RateLimitWindow(ends: now.advanced(by: policy.window)) }
        count = min(count + 1, Int(Int32.max))
        let left = now.duration(to: ends)
        let seconds = left.components.seconds + (left.components.attoseconds > 0 ? 1 : 0)
        return RateLimitDecision(
            policy: policy, remaining: max(0, policy.limit - count), resetSeconds: max(0, Int(seconds)),
            isExceeded: count > policy.limit)
    }
}
