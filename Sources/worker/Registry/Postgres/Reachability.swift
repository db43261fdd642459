import ServiceSupport

/// Whether a server answers, and when a silent one is tried again. Pure.
struct Reachability {
    /// 100 ms -> 2 s: a server that is back is found within 2 s and some, and one that is away is asked twice a second at most.
    static let backoff = Backoff(base: .milliseconds(100), cap: .seconds(2))

    private var failures = 0
    private var nextTry: ContinuousClock.Instant?

    var isAway: Bool { failures > 0 }

    /// Whether a call may go ahead. While the server is away one call at a time tries, the others need not wait to learn it.
    ///
    /// - Parameter patience: how long the one that tries keeps the others away.
    mutating func mayTry(at now: ContinuousClock.Instant, patience: Duration) -> Bool {
        guard isAway, let due = nextTry else { return true }
        guard now >= due else { return false }
        nextTry = now.advanced(by: patience)
        return true
    }

    /// The server answered. Returns whether it was away before.
    mutating func reached() -> Bool {
        defer { self = Reachability() }
        return isAway
    }

    /// The server did not answer. Returns whether it was there before.
    mutating func lost(at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator) -> Bool {
        failures += 1
        nextTry = now.advanced(by: Self.backoff.delay(attempt: failures, using: &generator))
        return failures == 1
    }
}
