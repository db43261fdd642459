import DomainModel
import Synchronization

/// What a worker knows about uploads beyond the users' files. Losing it costs a call or a wait, never an upload.
final class UploadMemory: Sendable {
    private struct State {
        var renewed: [UserID: Timestamp] = [:]
        var reachable: Timestamp?
    }

    /// Users whose renewals are remembered.
    private static let limit = 10_000

    private let state = Mutex(State())

    /// Since when TorBox answers again after an outage.
    var reachable: Timestamp? {
        get { state.withLock(\.reachable) }
        set { state.withLock { $0.reachable = newValue } }
    }

    /// When the user's key was stored last.
    func renewed(_ user: UserID) -> Timestamp? { state.withLock { $0.renewed[user] } }

    func noteRenewal(_ user: UserID, at now: Timestamp) {
        state.withLock { state in
            if state.renewed.count >= Self.limit { state.renewed = [:] }
            state.renewed[user] = now
        }
    }
}
