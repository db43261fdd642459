import Synchronization

/// Holds back whoever comes until it is opened.
final class Gate: Sendable {
    private struct State {
        var arrivals = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
        var isOpen = false
    }
    private let state = Mutex(State())

    /// How many have come to the gate so far.
    var arrivals: Int { state.withLock(\.arrivals) }

    /// Waits for ``open()``, deaf to cancellation.
    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                state.arrivals += 1
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
