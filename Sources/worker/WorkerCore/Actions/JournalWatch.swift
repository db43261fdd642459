import DomainModel
import Synchronization
import UserStore

/// What is open in the journals, as each user's latest poll has seen it; so that nobody has to open all files to know
/// how old the oldest action without an effect is.
final class JournalWatch: Sendable {
    struct Summary: Sendable, Equatable {
        /// Sent or answered, and not seen in a list yet.
        var unsettled = 0
        /// Of the oldest unsettled action; zero without one.
        var oldestAge: Duration = .zero
    }

    private struct Open {
        var unsettled = 0
        var oldest: Timestamp?
    }

    private let users = Mutex<[UserID: Open]>([:])

    /// - Parameter rows: the user's actions that were sent and not seen to have an effect.
    func note(_ rows: some Sequence<ActionRow>, of user: UserID) {
        var open = Open()
        for row in rows {
            open.unsettled += 1
            open.oldest = min(open.oldest ?? row.createdAt, row.createdAt)
        }
        users.withLock { $0[user] = open.unsettled > 0 ? open : nil }
    }

    /// Users that are no longer ours are forgotten.
    func summary(at now: Timestamp, where isOurs: (UserID) -> Bool) -> Summary {
        users.withLock { users in
            users = users.filter { isOurs($0.key) }
            return users.values.reduce(into: Summary()) { summary, open in
                summary.unsettled += open.unsettled
                let age = open.oldest.map { Duration.milliseconds(max(0, now.milliseconds - $0.milliseconds)) }
                summary.oldestAge = max(summary.oldestAge, age ?? .zero)
            }
        }
    }
}
