import DomainModel
import Logging
import Observability
import Synchronization
import TorBoxClient

/// Notices when TorBox's rows change their form, so that rules which rest on it hold still until it is back.
///
/// In memory, for each user polled since the worker began.
final class ContractSentinel: Sendable {
    struct Summary: Sendable, Equatable {
        /// Users for whom something is frozen now.
        var frozenUsers = 0
        /// Times that something began to be frozen, since the process began.
        var episodes = 0
    }
    private struct State {
        var users: [UserID: UserContract] = [:]
        var episodes = 0
    }
    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Judges a user's complete snapshot; logs when something begins or ends to be frozen.
    func inspect(_ snapshot: LibrarySnapshot, of user: UserID) -> ContractVerdict {
        let (verdict, change) = state.withLock { state in
            let change = state.users[user, default: UserContract()].take(snapshot)
            if change == .began { state.episodes += 1 }
            return (state.users[user]?.verdict ?? ContractVerdict(), change)
        }
        switch change {
        case .none: break
        case .began:
            MetricNames.contractEpisodes.count()
            logger.warning(
                "torbox rows look unlike before, rules that rest on them hold still",
                metadata: [LogKey.userID: "\(user.short)", LogKey.reason: "\(verdict.reason)"])
        case .ended:
            logger.notice("torbox rows look as usual again", metadata: [LogKey.userID: "\(user.short)"])
        }
        return verdict
    }

    /// Why rules of the user are frozen, fit for an open route; nil when none is.
    func reason(of user: UserID) -> String? {
        state.withLock { state in
            state.users[user].flatMap { $0.verdict.isNormal ? nil : $0.verdict.openReason }
        }
    }

    /// Only of users that satisfy `isOurs`: those whose slot went elsewhere do not count.
    func summary(where isOurs: (UserID) -> Bool) -> Summary {
        let (frozen, episodes) = state.withLock { state in
            (state.users.filter { !$0.value.verdict.isNormal }.map(\.key), state.episodes)
        }
        return Summary(frozenUsers: frozen.count(where: isOurs), episodes: episodes)
    }
}
