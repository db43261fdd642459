import DomainModel
import Synchronization

/// How often TorBox has refused each user's key without having accepted it since.
///
/// In memory only: what a restart loses is at most two half-hourly polls with a bad key.
final class RefusalCounts: Sendable {
    private let counts = Mutex<[UserID: Int]>([:])

    subscript(user: UserID) -> Int { counts.withLock { $0[user] ?? 0 } }

    /// Takes in how a poll ended. Only a whole poll proves that the key is good; a pause begins a new count.
    func note(_ outcome: PollOutcome, of user: UserID, pauses: Bool) {
        counts.withLock { counts in
            switch outcome {
            case .unauthorized: counts[user] = pauses ? nil : (counts[user] ?? 0) + 1
            case .evaluated: counts[user] = nil
            default: break
            }
        }
    }
}
