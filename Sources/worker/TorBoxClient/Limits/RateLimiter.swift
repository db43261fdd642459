import DomainModel
import Synchronization

/// The pace of every key at every endpoint: the shell around ``RateWindow``.
final class RateLimiter: Sendable {
    private struct State {
        var windows: [RateKey: RateWindow] = [:]
        /// When the edge refuses us as such, nobody goes.
        var everyoneBlockedUntil: Duration = .zero
        var lastSweep: Duration = .zero
    }

    private let pace: RatePace
    private let maximumEntries: Int
    private let time: TimeSource
    private let state = Mutex(State())

    /// Idle entries are dropped once a minute, and once a second when it is full; with more than `maximumEntries` busy ones, new keys have to wait.
    init(pace: RatePace, maximumEntries: Int = 100_000, time: TimeSource) {
        self.pace = pace
        self.maximumEntries = maximumEntries
        self.time = time
    }

    var entryCount: Int { state.withLock { $0.windows.count } }

    func summary() -> LimitSummary {
        let now = time.uptime()
        return state.withLock { state in
            state.windows.values.reduce(into: LimitSummary(lowestHeadroom: pace.allowance, blockedKeys: 0)) {
                summary, window in
                if let left = window.remainingCalls(at: now) {
                    summary.lowestHeadroom = min(summary.lowestHeadroom, left)
                }
                if window.remainingBlock(at: now) > .zero { summary.blockedKeys += 1 }
            }
        }
    }

    /// How long a request by that key would have to wait now.
    func wait(for key: RateKey) -> Duration {
        let now = time.uptime()
        return state.withLock { state in
            max(state.windows[key]?.wait(at: now) ?? .zero, state.everyoneBlockedUntil - now, .zero)
        }
    }

    /// Waits for a turn until `deadline` (uptime) at most. Every success must be followed by one ``finish(_:_:)``
    /// or ``giveBack(_:)``.
    func acquire(_ key: RateKey, until deadline: Duration) async throws(TorBoxError) {
        switch reserve(key, until: deadline) {
        case .refused(let wait): throw .rateLimited("the pace for this key leaves no room", retryAfter: wait)
        case .go(let first): try await hold(key, first, until: deadline)
        }
    }

    func finish(_ key: RateKey, _ observation: RateObservation?) {
        let now = time.uptime()
        state.withLock { $0.windows[key]?.finish(observation, at: now) }
    }

    func giveBack(_ key: RateKey) {
        state.withLock { $0.windows[key]?.giveBack() }
    }

    /// The edge in front of TorBox turned us away: not one key's doing, so all keys wait.
    func blockEveryone(for wait: Duration) {
        let until = time.uptime() + min(wait, RateObservation.longestWait)
        state.withLock { $0.everyoneBlockedUntil = max($0.everyoneBlockedUntil, until) }
    }

    private func reserve(_ key: RateKey, until deadline: Duration) -> RateWindow.Reservation {
        let now = time.uptime()
        return state.withLock { state in
            sweepIfDue(&state, at: now)
            let general = state.everyoneBlockedUntil - now
            guard general <= deadline - now else { return .refused(retryAfter: general) }
            guard state.windows[key] != nil || state.windows.count < maximumEntries else {
                return .refused(retryAfter: .seconds(1))
            }
            return state.windows[key, default: RateWindow(pace: pace)].reserve(at: now, within: deadline - now)
        }
    }

    private func hold(_ key: RateKey, _ first: Duration, until deadline: Duration) async throws(TorBoxError) {
        var wait = max(first, block(on: key))
        while wait > .zero {
            let due = time.uptime() + wait
            guard due <= deadline else {
                giveBack(key)
                throw .rateLimited("the limit was reached while waiting", retryAfter: wait)
            }
            do {
                try await time.sleep(min(Self.meetingPoint(after: due), deadline) - time.uptime())
            } catch {
                giveBack(key)
                throw .cancelled
            }
            wait = block(on: key)
        }
    }

    /// Calls that have to wait go together, at whole multiples of this: one waking serves those of many users, where each by
    /// itself finds a core that slept. Nobody goes too early, and a call a fifth of ``RatePace/interval`` late is nobody's loss.
    private static let step: Duration = .milliseconds(50)

    private static func meetingPoint(after due: Duration) -> Duration {
        let steps = (due / step).rounded(.up)
        return step * Int(steps)
    }

    private func block(on key: RateKey) -> Duration {
        let now = time.uptime()
        return state.withLock { state in
            max(state.windows[key]?.remainingBlock(at: now) ?? .zero, state.everyoneBlockedUntil - now, .zero)
        }
    }

    private func sweepIfDue(_ state: inout State, at now: Duration) {
        // All entries are walked, so not at each call, however many are busy.
        let pause: Duration = state.windows.count >= maximumEntries ? .seconds(1) : .seconds(60)
        guard now >= state.lastSweep + pause else { return }
        state.lastSweep = now
        state.windows = state.windows.filter { !$0.value.isIdle(at: now) }
    }
}
