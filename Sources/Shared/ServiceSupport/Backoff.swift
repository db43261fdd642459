/// Waiting times that double up to a cap, with jitter so that many waiters do not come back together.
package struct Backoff: Sendable, Equatable {
    package var base: Duration
    package var cap: Duration
    /// Share of the delay that is random, 0...1, half of it either way.
    package var jitter: Double

    package init(base: Duration, cap: Duration, jitter: Double = 0.2) {
        self.base = base
        self.cap = cap
        self.jitter = jitter
    }

    /// The wait before attempt `n` (1 is the first repeat): `base * 2^(n-1)`, at most `cap`, then jittered.
    package func delay(attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let plain = plainDelay(attempt: attempt)
        guard jitter > 0 else { return plain }
        return plain * (1 + Double.random(in: -jitter / 2...jitter / 2, using: &generator))
    }

    /// The same without jitter.
    package func plainDelay(attempt: Int) -> Duration {
        var delay = base
        for _ in 1..<max(1, min(attempt, 64)) where delay < cap { delay *= 2 }
        return min(delay, cap)
    }
}
