import Synchronization

/// Counts requests by key in fixed windows, in memory, for a bounded number of keys.
///
/// When the bound is reached, windows that are over go first, then the tenth that ends soonest: an attacker with
/// many addresses can make us forget counts, never run us out of memory.
final class RateLimiter: Sendable {
    let policy: RateLimitPolicy
    private let maximumKeys: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let windows = Mutex<[String: RateLimitWindow]>([:])

    init(
        _ policy: RateLimitPolicy, maximumKeys: Int = 100_000,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.policy = policy
        self.maximumKeys = max(10, maximumKeys)
        self.now = now
    }

    /// Counts one request of `key`.
    func hit(_ key: String) -> RateLimitDecision {
        let moment = now()
        return windows.withLock { windows in
            if windows.count >= maximumKeys, windows[key] == nil { makeRoom(in: &windows, at: moment) }
            let fresh = RateLimitWindow(ends: moment.advanced(by: policy.window))
            return windows[key, default: fresh].hit(policy, at: moment)
        }
    }

    /// Keys that are remembered at the moment.
    var keyCount: Int { windows.withLock(\.count) }

    private func makeRoom(in windows: inout [String: RateLimitWindow], at moment: ContinuousClock.Instant) {
        windows = windows.filter { !$0.value.isOver(at: moment) }
        guard windows.count >= maximumKeys else { return }
        for (key, _) in windows.sorted(by: { $0.value.ends < $1.value.ends }).prefix(maximumKeys / 10) {
            windows[key] = nil
        }
    }
}
