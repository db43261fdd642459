import DomainModel
import Registry
import Synchronization

/// The users of the slots that this worker owns, in memory: every request and every poll asks here first.
///
/// The registry is the truth; only this process writes the rows of its users, so the copy cannot go stale.
final class UserDirectory: Sendable {
    private let users = Mutex<[UserID: RegisteredUser]>([:])

    /// Adds users, replacing what is known of them.
    func insert(_ newcomers: some Sequence<RegisteredUser>) {
        users.withLock { for user in newcomers { $0[user.id] = user } }
    }

    /// Forgets the users of these slots and returns who they were.
    func removeAll(in slots: Set<Slot>) -> [UserID] {
        users.withLock { known in
            let gone = known.keys.filter { slots.contains($0.slot) }
            for user in gone { known[user] = nil }
            return gone
        }
    }

    /// Forgets one user; false when not known.
    @discardableResult
    func remove(_ user: UserID) -> Bool { users.withLock { $0.removeValue(forKey: user) != nil } }

    /// Whether no other user's id begins with the same eight digits. They would be in the same slot, so all are known here.
    func isUnmistakable(_ user: UserID) -> Bool {
        users.withLock { known in !known.keys.contains { $0 != user && $0.short == user.short } }
    }

    subscript(user: UserID) -> RegisteredUser? { users.withLock { $0[user] } }

    /// Changes what is known of a user; does nothing for one who is not here.
    func update(_ user: UserID, _ change: (inout RegisteredUser) -> Void) {
        users.withLock { known in
            guard var record = known[user] else { return }
            change(&record)
            known[user] = record
        }
    }

    var all: [RegisteredUser] { users.withLock { Array($0.values) } }

    /// Whether the user is here and has rules to run.
    func isAutomated(_ user: UserID) -> Bool { self[user]?.hasActiveRules == true }

    var count: Int { users.withLock(\.count) }

    /// Users with account and key active.
    var activeCount: Int { users.withLock { $0.values.count(where: \.isActive) } }
}
