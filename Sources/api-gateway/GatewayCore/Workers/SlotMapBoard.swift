import ServiceSupport
package import Sharding
import Synchronization

/// The newest slot map that the supervisor has given us, and those who wait for a newer one.
package final class SlotMapBoard: Sendable {
    private struct State {
        var map: SlotMap?
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }
    private let state = Mutex(State())

    package init() {}

    package var current: SlotMap? { state.withLock(\.map) }

    /// Takes the map unless it is older than the one at hand, and wakes all waiters.
    package func post(_ map: SlotMap) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard state.map.map({ $0.epoch <= map.epoch }) ?? true else { return [] }
            state.map = map
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// The map as soon as its epoch is at least `epoch`; nil when that takes longer than the deadline allows, or
    /// when the task is cancelled.
    func map(sinceEpoch epoch: UInt64, until deadline: Deadline) async -> SlotMap? {
        while !deadline.isPast, !Task.isCancelled {
            if let map = current, map.epoch >= epoch { return map }
            // Only the deadline can make this throw, and the loop looks at it.
            try? await withDeadline(deadline.remaining, "waiting for a slot map") { await self.change(from: epoch) }
        }
        return current.flatMap { $0.epoch >= epoch ? $0 : nil }
    }

    /// Returns at the next post, at cancellation, or at once when the wanted epoch is there already.
    private func change(from epoch: UInt64) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state -> Bool in
                    if Task.isCancelled || (state.map.map { $0.epoch >= epoch } ?? false) { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
