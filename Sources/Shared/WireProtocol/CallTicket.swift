import Synchronization

/// Tells one call from another before it has a number, and remembers a cancellation that overtakes its call.
final class CallTicket: Sendable {
    private enum State {
        case waiting
        case begun(UInt64)
        case cancelled
    }
    private let state = Mutex(State.waiting)

    /// False when the call was cancelled already and must not begin.
    func begin(as number: UInt64) -> Bool {
        state.withLock { state in
            guard case .waiting = state else { return false }
            state = .begun(number)
            return true
        }
    }

    /// The number of the call to give up; nil when it has not begun, and now never will.
    func cancel() -> UInt64? {
        state.withLock { state in
            if case .begun(let number) = state { return number }
            state = .cancelled
            return nil
        }
    }
}
