import DomainModel
import Synchronization

/// Bounds how many calls are under way at once, over all users and for each one. First come, first served, except
/// that a user who already has a full share is passed over.
final class ConcurrencyGate: Sendable {
    private struct Waiter {
        let ticket: UInt64
        let user: UserID
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var nextTicket: UInt64 = 0
        var taken = 0
        var takenByUser: [UserID: Int] = [:]
        var waiting: [Waiter] = []
    }

    private let limit: Int
    private let userLimit: Int
    private let maximumWaiting: Int
    private let time: TimeSource
    private let state = Mutex(State())

    /// One user gets at most half of `limit`. More than `maximumWaiting` waiters are turned away at once.
    init(limit: Int, maximumWaiting: Int = 4_096, time: TimeSource) {
        self.limit = max(1, limit)
        userLimit = max(1, limit / 2)
        self.maximumWaiting = maximumWaiting
        self.time = time
    }

    var waitingCount: Int { state.withLock { $0.waiting.count } }
    var takenCount: Int { state.withLock { $0.taken } }

    /// Takes a slot, waiting at most until `deadline` (uptime). Give it back with ``release(_:)``.
    func acquire(_ user: UserID, until deadline: Duration) async throws(TorBoxError) {
        if Task.isCancelled { throw .cancelled }
        if state.withLock({ take(user, in: &$0) }) { return }
        let remaining = deadline - time.uptime()
        guard remaining > .zero else { throw .outOfTime("no free slot for the call") }
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        do {
            // The timer only ends the wait; whether a slot was taken is decided in one place, under the lock.
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await self.time.sleep(remaining)
                    self.end(ticket, with: TimeLimitExceeded())
                }
                defer { group.cancelAll() }
                try await self.wait(user, ticket: ticket)
            }
        } catch let error as TorBoxError {
            throw error
        } catch is TimeLimitExceeded {
            throw .outOfTime("no free slot for the call before its deadline")
        } catch {
            throw .cancelled
        }
    }

    func release(_ user: UserID) {
        let next: [Waiter] = state.withLock { state in
            state.taken -= 1
            let left = (state.takenByUser[user] ?? 1) - 1
            state.takenByUser[user] = left > 0 ? left : nil
            return admit(&state)
        }
        for waiter in next { waiter.continuation.resume() }
    }

    private func hasRoom(for user: UserID, in state: State) -> Bool {
        state.taken < limit && (state.takenByUser[user] ?? 0) < userLimit
    }

    private func take(_ user: UserID, in state: inout State) -> Bool {
        // Nobody overtakes a waiter that could go: a waiter left here is one whose user has a full share.
        guard hasRoom(for: user, in: state) else { return false }
        state.taken += 1
        state.takenByUser[user, default: 0] += 1
        return true
    }

    private func admit(_ state: inout State) -> [Waiter] {
        var admitted: [Waiter] = []
        var index = 0
        while index < state.waiting.count, state.taken < limit {
            if take(state.waiting[index].user, in: &state) {
                admitted.append(state.waiting.remove(at: index))
            } else {
                index += 1
            }
        }
        return admitted
    }

    private enum Registration { case taken, waiting, refused(any Error) }

    private func wait(_ user: UserID, ticket: UInt64) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch register(Waiter(ticket: ticket, user: user, continuation: continuation)) {
                case .taken: continuation.resume()
                case .waiting: break
                case .refused(let error): continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            end(ticket, with: CancellationError())
        }
        // Cancelled between being given the slot and waking up: the slot is ours to give back.
        guard Task.isCancelled else { return }
        release(user)
        throw CancellationError()
    }

    private func register(_ waiter: Waiter) -> Registration {
        state.withLock { state in
            if Task.isCancelled { return .refused(CancellationError()) }
            if take(waiter.user, in: &state) { return .taken }
            guard state.waiting.count < maximumWaiting else {
                return .refused(TorBoxError.outOfTime("too many calls wait for a slot"))
            }
            state.waiting.append(waiter)
            return .waiting
        }
    }

    private func end(_ ticket: UInt64, with error: any Error) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            return state.waiting.remove(at: index)
        }
        waiter?.continuation.resume(throwing: error)
    }
}
