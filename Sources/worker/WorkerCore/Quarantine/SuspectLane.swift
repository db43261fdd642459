import DomainModel
import Synchronization

/// Lets one suspect at a time be worked for, so that the next death of the process points at one user.
///
/// Polls only try, and give way to requests that wait: a poll that waits here would keep its place from everybody else's.
final class SuspectLane: Sendable {
    private struct State {
        var holder: UserID?
        /// Polls and requests of the holder.
        var uses = 0
        var waitingRequests = 0
    }

    private let state = Mutex(State())
    /// Between two looks of a request that waits. Suspects are few, and gone within seconds.
    private static let pause: Duration = .milliseconds(5)

    /// False while another suspect is worked for, or requests wait for that.
    func tryEnterForPoll(_ user: UserID) -> Bool {
        state.withLock { state in
            guard state.waitingRequests == 0 || state.holder == user else { return false }
            return Self.enter(user, &state)
        }
    }

    /// False when it did not become free within `limit`, or the task was cancelled.
    func enterForRequest(_ user: UserID, within limit: Duration) async -> Bool {
        if state.withLock({ Self.enter(user, &$0) }) { return true }
        state.withLock { $0.waitingRequests += 1 }
        defer { state.withLock { $0.waitingRequests -= 1 } }
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline, !Task.isCancelled {
            try? await Task.sleep(for: Self.pause)  // Cancellation ends the loop.
            if state.withLock({ Self.enter(user, &$0) }) { return true }
        }
        return false
    }

    var hasWaitingRequests: Bool { state.withLock { $0.waitingRequests > 0 } }

    func leave() {
        state.withLock { state in
            state.uses -= 1
            if state.uses == 0 { state.holder = nil }
        }
    }

    private static func enter(_ user: UserID, _ state: inout State) -> Bool {
        guard state.holder == nil || state.holder == user else { return false }
        state.holder = user
        state.uses += 1
        return true
    }
}
