package import ServiceSupport

/// Decides when a child that died is started again. Pure: time and randomness come from the caller.
///
/// Waits of 250 ms, 500 ms, 1 s, ... 30 s (attempt 1, 2, 3, ... 8 and later), 20 % of it random, counted anew after a
/// life that was ready for a minute. A child that dies too often is quarantined: only every five minutes a probe is
/// made, and one that stays ready for a minute lifts the quarantine.
package struct RestartPolicy: Sendable {
    package struct Limits: Sendable, Equatable {
        package var backoff = Backoff(base: .milliseconds(250), cap: .seconds(30), jitter: 0.2)
        /// A life that was ready for this long counts as healthy.
        package var resetAfter: Duration = .seconds(60)
        /// Deaths allowed in the short period. Source: architecture section 6, simulated together with the backoff,
        /// because a growing backoff never reaches a limit of 8.
        package var shortLimit = Intensity(deaths: 5, period: .seconds(60))
        /// Catches what dies slowly enough to slip under the short limit.
        package var longLimit = Intensity(deaths: 20, period: .seconds(30 * 60))
        package var probeInterval: Duration = .seconds(5 * 60)

        package init() {}
    }

    /// So many deaths within the period are too many.
    package struct Intensity: Sendable, Equatable {
        package var deaths: Int
        package var period: Duration

        package init(deaths: Int, period: Duration) {
            self.deaths = deaths
            self.period = period
        }
    }

    package enum Decision: Sendable, Equatable {
        /// `attempt` counts from 1 since the last healthy life.
        case restart(attempt: Int, delay: Duration)
        case quarantine(probeAfter: Duration)
    }

    package let limits: Limits
    /// True from the fifth (or twentieth) death on, during probes too, until one has proven healthy.
    package private(set) var isQuarantined = false
    private var deaths: [ContinuousClock.Instant] = []
    private var attempts = 0

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// A life has been ready for `resetAfter`: forget what was before, so that a quarantine is over.
    /// Returns true when one was.
    package mutating func provedHealthy() -> Bool {
        attempts = 0
        guard isQuarantined else { return false }
        isQuarantined = false
        deaths = []
        return true
    }

    /// Decides after a death at `now`.
    package mutating func died(
        at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> Decision {
        deaths.append(now)
        deaths.removeAll { $0 + limits.longLimit.period <= now }
        attempts += 1
        if isQuarantined || exceeds(limits.shortLimit, at: now) || exceeds(limits.longLimit, at: now) {
            isQuarantined = true
            return .quarantine(probeAfter: limits.probeInterval)
        }
        return .restart(attempt: attempts, delay: limits.backoff.delay(attempt: attempts, using: &generator))
    }

    private func exceeds(_ intensity: Intensity, at now: ContinuousClock.Instant) -> Bool {
        deaths.count { $0 + intensity.period > now } >= intensity.deaths
    }
}
