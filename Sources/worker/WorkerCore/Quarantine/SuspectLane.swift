import DomainModel
import Synchronization

/// Lets one suspect at a time be worked for, so that the next death of the process points at one user.
///
/// A poll that begins only tries, and gives way to whoever waits: it would keep its place from everybody else's. Requests
/// wait, and polls that act and come back from waiting for TorBox.
final class SuspectLane: Sendable {
    private struct State {
        var holder: UserID?
        /// Polls and requests of the holder.
        var uses = 0
        var waiting = 0
    }

    private let state = Mutex(State())
    /// Between two looks of whoever waits. Suspects are few, and gone within seconds.
    private static let pause: Duration = .milliseconds(5)

    /// False while another suspect is worked for, or somebody waits for that.
    func tryEnterForPoll(_ user: UserID) -> Bool {
        state.withLock { state in
            guard state.waiting == 0 || state.holder == user else { return false }
            return Self.enter(user, &state)
        }
    }

    /// False when it did not become free within `limit`, or the task was cancelled.
    func enterForRequest(_ user: UserID, within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        return await enter(user) { ContinuousClock.now < deadline }
    }

    /// For a poll under way. It waits as long as it takes: what it holds is an outcome that has to be written down, and no
    /// poll begins before it. False only when the task was cancelled.
    func enterAgain(_ user: UserID) async -> Bool { await enter(user) { true } }

    var hasWaiting: Bool { state.withLock { $0.waiting > 0 } }

    func leave() {
        state.withLock { state in
            state.uses -= 1
            if state.uses == 0 { state.holder = nil }
        }
    }

    private func enter(_ user: UserID, while isPatient: () -> Bool) async -> Bool {
        if state.withLock({ Self.enter(user, &$0) }) { return true }
        state.withLock { $0.waiting += 1 }
        defer { state.withLock { $0.waiting -= 1 } }
        while isPatient(), !Task.isCancelled {
            try? await Task.sleep(for: Self.pause)  // Cancellation ends the loop.
            if state.withLock({ Self.enter(user, &$0) }) { return true }
        }
        return false
    }

    private static func enter(_ user: UserID, _ state: inout State) -> Bool {
        guard state.holder == nil || state.holder == user else { return false }
        state.holder = user
        state.uses += 1
        return true
    }
}
