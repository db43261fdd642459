/// Whether TorBox as a whole is reachable, told from how calls end. Pure: the time is always given, as uptime.
///
/// Five failures in a row pause everything; any success ends the pause. While paused, a probe is due after
/// 120 s and then every 180 s.
package struct OutageState: Sendable, Equatable {
    package struct Parameters: Sendable, Equatable {
        /// Connection failures without a success between them. Source: stock's circuit breaker.
        package var failuresToPause = 5
        /// From the pause to the first probe. Source: stock.
        package var minimumPause: Duration = .seconds(120)
        /// From one failed probe to the next. Source: stock.
        package var probeInterval: Duration = .seconds(180)

        package init() {}
    }

    package enum Event: Sendable, Equatable {
        /// TorBox answered as itself, be it with a refusal.
        case reached
        /// No answer, or one that only a broken or missing TorBox gives. Never for one key's trouble.
        case unreachable
        /// The probe of a pause ended without a success: unreachable, or no key was accepted.
        case probeFailed
    }

    package enum Change: Sendable, Equatable { case paused, resumed }

    private enum Phase: Sendable, Equatable {
        case active(failures: Int)
        case paused(since: Duration, nextProbe: Duration)
    }

    private let parameters: Parameters
    private var phase: Phase = .active(failures: 0)

    package init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    package var isPaused: Bool { nextProbe != nil }

    /// Failures in a row while active; 0 while paused.
    package var failuresInARow: Int {
        guard case .active(let failures) = phase else { return 0 }
        return failures
    }

    /// When a probe is due (uptime); nil while active.
    package var nextProbe: Duration? {
        guard case .paused(_, let next) = phase else { return nil }
        return next
    }

    /// Takes in how something ended; tells when that changed the state.
    package mutating func handle(_ event: Event, at now: Duration) -> Change? {
        switch (phase, event) {
        case (.active, .reached):
            phase = .active(failures: 0)
            return nil
        case (.active(let failures), .unreachable):
            return countFailure(failures + 1, at: now)
        case (.paused, .reached):
            phase = .active(failures: 0)
            return .resumed
        case (.paused(let since, _), .probeFailed):
            phase = .paused(since: since, nextProbe: now + parameters.probeInterval)
            return nil
        case (.active, .probeFailed), (.paused, .unreachable):
            return nil
        }
    }

    private mutating func countFailure(_ failures: Int, at now: Duration) -> Change? {
        guard failures >= parameters.failuresToPause else {
            phase = .active(failures: failures)
            return nil
        }
        phase = .paused(since: now, nextProbe: now + parameters.minimumPause)
        return .paused
    }
}
