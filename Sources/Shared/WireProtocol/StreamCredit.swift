import Synchronization

/// How many more parts the receiver of a stream can take; the sender waits here for room.
final class StreamCredit: Sendable {
    private struct State {
        var available: Int
        var isEnded = false
        var waiter: CheckedContinuation<Bool, Never>?
    }
    private let state: Mutex<State>

    init(initial: Int) { state = Mutex(State(available: initial)) }

    /// Takes one; false when the stream is over. One caller at a time.
    func take() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.isEnded || Task.isCancelled { return false }
                    if state.available > 0 {
                        state.available -= 1
                        return true
                    }
                    state.waiter = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            end()
        }
    }

    /// Adds room. What is not positive is ignored: a peer cannot take room away.
    func add(_ amount: Int) {
        guard amount > 0 else { return }
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.available += min(amount, 1 << 20)
            guard let waiter = state.waiter else { return nil }
            state.available -= 1
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: true)
    }

    func end() {
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.isEnded = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: false)
    }
}
