import DomainModel
import Observability
import Synchronization

/// How many batches of each user wait for a decision, as of the user's last poll or decision since the worker began.
final class ParkingWatch: Sendable {
    private let open = Mutex<[UserID: Int]>([:])

    func note(_ count: Int, of user: UserID) {
        open.withLock { $0[user] = count == 0 ? nil : count }
    }

    /// Of users that satisfy `isCounted`.
    func openBatches(where isCounted: (UserID) -> Bool) -> Int {
        let known = open.withLock { $0 }
        return known.reduce(0) { $0 + (isCounted($1.key) ? $1.value : 0) }
    }
}
