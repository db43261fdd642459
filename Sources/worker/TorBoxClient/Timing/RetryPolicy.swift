/// When a failed read is sent again. Pure. Calls that change things are never repeated by the client.
package struct RetryPolicy: Sendable, Equatable {
    /// Repeats after the first attempt.
    package var maximumRetries: Int
    /// Pause before the first repeat, doubled for each further one: 250 ms, 500 ms.
    package var firstDelay: Duration
    /// Share of the pause that chance may add or take away, 0...1, so that many users do not come back together.
    package var jitter: Double

    package init(maximumRetries: Int = 2, firstDelay: Duration = .milliseconds(250), jitter: Double = 0.5) {
        self.maximumRetries = max(0, maximumRetries)
        self.firstDelay = firstDelay
        self.jitter = min(1, max(0, jitter))
    }

    /// The pause before repeat number `attempt` (1 for the first), or nil when the failure has to stand: not
    /// retryable, too many repeats, or no time left.
    package func delay(
        beforeRetry attempt: Int, after error: TorBoxError, remaining: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        guard error.isRetryable, error.code != .outOfTime, attempt >= 1, attempt <= maximumRetries else { return nil }
        let base = firstDelay * (1 << min(attempt - 1, 16))
        let factor = 1 + Double.random(in: -jitter...jitter, using: &generator)
        let delay = max(base * factor, error.retryAfter ?? .zero)
        return delay < remaining ? delay : nil
    }
}
