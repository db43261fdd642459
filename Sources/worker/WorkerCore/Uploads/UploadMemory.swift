import DomainModel
import Synchronization

/// What a worker knows about uploads beyond the users' files. Losing it costs a call or a wait, never an upload.
final class UploadMemory: Sendable {
    private struct Key: Hashable {
        var user: UserID
        var asset: AssetType
    }

    private struct State {
        var allowances: [Key: UploadAllowance] = [:]
        var renewed: [UserID: Timestamp] = [:]
        var reachable: Timestamp?
    }

    /// Users whose allowances are remembered; the others' are learned again.
    private static let limit = 10_000

    private let state = Mutex(State())

    func allowance(_ user: UserID, _ asset: AssetType) -> UploadAllowance? {
        state.withLock { $0.allowances[Key(user: user, asset: asset)] }
    }

    func note(_ allowance: UploadAllowance, _ user: UserID, _ asset: AssetType) {
        state.withLock { state in
            if state.allowances.count >= Self.limit { state.allowances = [:] }
            state.allowances[Key(user: user, asset: asset)] = allowance
        }
    }

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
