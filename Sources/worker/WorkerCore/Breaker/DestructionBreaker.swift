import DomainModel
import Logging
import Observability
import Synchronization

/// The worker's breaker: the shell around ``BreakerState``. Each worker decides by itself: users are spread over workers
/// by their ids, so that whatever hits many of them shows in every worker alike.
///
/// In memory. After a restart nothing that an open breaker parked is decided anew before polls look as usual again.
final class DestructionBreaker: Sendable {
    struct Summary: Sendable, Equatable {
        var openedAt: Timestamp?
        var episodes: Int
        var surging: Int
    }

    private let state = Mutex(BreakerState())
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    init(now: @escaping @Sendable () -> Timestamp, logger: Logger) {
        self.now = now
        self.logger = logger
    }

    var standing: BreakerStanding { state.withLock(\.standing) }

    var summary: Summary {
        state.withLock { Summary(openedAt: $0.openedAt, episodes: $0.episodes, surging: $0.surging) }
    }

    /// Takes in a poll that evaluated long-standing destructive rules.
    func take(isSurge: Bool, of user: UserID) {
        let moment = now()
        if let change = state.withLock({ $0.take(isSurge: isSurge, of: user, at: moment) }) { tell(change) }
    }

    /// Lets everything go on by an operator's word. False when it was not open.
    @discardableResult
    func lift() -> Bool {
        let moment = now()
        guard let change = state.withLock({ $0.lift(at: moment) }) else { return false }
        tell(change)
        return true
    }

    private func tell(_ change: BreakerState.Change) {
        MetricNames.breakerChanges.count(change.rawValue)
        switch change {
        case .opened:
            logger.error(
                "many users' rules suddenly want to destroy far more than before, everything destructive is parked",
                metadata: [LogKey.count: "\(BreakerState.usersToOpen)"])
        case .closed: logger.notice("rules match as usual again, destructive actions go on")
        case .lifted: logger.notice("the breaker was lifted by the operator, destructive actions go on")
        }
    }
}
