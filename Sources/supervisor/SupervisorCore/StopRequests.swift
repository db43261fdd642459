import Synchronization

/// Requests to stop, for any number of listeners, who also hear what was asked before they came.
package final class StopRequests: Sendable {
    package enum Request: Sendable, Equatable {
        /// Finish what is under way, then exit 0.
        case drain
        /// Now.
        case kill
    }

    private struct State {
        var requests: [Request] = []
        var listeners: [AsyncStream<Request>.Continuation] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func request(_ request: Request) {
        state.withLock { state in
            // Only the first of each kind says anything new, which also bounds every queue here.
            guard !state.requests.contains(request) else { return }
            state.requests.append(request)
            for listener in state.listeners { listener.yield(request) }
        }
    }

    /// Never finishes by itself; ends with the listener's task.
    package func stream() -> AsyncStream<Request> {
        let (stream, continuation) = AsyncStream<Request>.makeStream()
        state.withLock { state in
            for request in state.requests { continuation.yield(request) }
            state.listeners.append(continuation)
        }
        return stream
    }
}
