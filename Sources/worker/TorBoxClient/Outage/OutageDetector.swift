import Synchronization

/// The worker's one view of whether TorBox answers: the shell around ``OutageState``.
///
/// Events in, changes out: what ``record(_:)`` takes may as well come from another worker by way of the supervisor,
/// and what ``changes()`` gives may be passed on to it.
package final class OutageDetector: Sendable {
    private struct Shared {
        var state: OutageState
        var nextSubscriber = 0
        var subscribers: [Int: AsyncStream<OutageState.Change>.Continuation] = [:]
    }

    private let time: TimeSource
    private let shared: Mutex<Shared>

    package init(parameters: OutageState.Parameters = .init(), time: TimeSource = .system) {
        self.time = time
        shared = Mutex(Shared(state: OutageState(parameters)))
    }

    /// Whether all calls but probes fail at once.
    package var isPaused: Bool { shared.withLock { $0.state.isPaused } }

    /// Time until a probe is due, zero when overdue; nil while active.
    package var timeUntilProbe: Duration? {
        let now = time.uptime()
        return shared.withLock { $0.state.nextProbe }.map { max(.zero, $0 - now) }
    }

    /// Takes in how a call ended.
    package func record(_ event: OutageState.Event) {
        let now = time.uptime()
        // Yielding under the lock keeps changes in order; a yield calls no code of ours.
        shared.withLock { shared in
            guard let change = shared.state.handle(event, at: now) else { return }
            for subscriber in shared.subscribers.values { subscriber.yield(change) }
        }
    }

    /// Every change from now on, beginning with `.paused` when a pause is under way. A slow reader sees only the newest
    /// change: it says all there is to know.
    package func changes() -> AsyncStream<OutageState.Change> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: OutageState.Change.self, bufferingPolicy: .bufferingNewest(1))
        let number = shared.withLock { shared in
            shared.nextSubscriber += 1
            shared.subscribers[shared.nextSubscriber] = continuation
            if shared.state.isPaused { continuation.yield(.paused) }
            return shared.nextSubscriber
        }
        continuation.onTermination = { [weak self] _ in self?.unsubscribe(number) }
        return stream
    }

    private func unsubscribe(_ number: Int) {
        // Keep the continuation alive until after the lock: its last release may run code.
        let gone = shared.withLock { $0.subscribers.removeValue(forKey: number) }
        gone?.finish()
    }
}
