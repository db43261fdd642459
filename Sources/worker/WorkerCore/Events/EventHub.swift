import DomainModel
import Synchronization

/// Who listens for news of which user. Polls, handlers and actions publish here; they never wait for a listener.
final class EventHub: Sendable {
    /// Listeners of one user. One more ends the oldest, which may belong to a page that was closed long ago.
    static let mostPerUser = 16
    /// Listeners of all users of this worker.
    static let mostInTotal = 10_000

    private struct State {
        var listeners: [UserID: [EventSubscription]] = [:]
        var count = 0
        var isClosed = false
    }
    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int = EventHub.mostInTotal) { self.limit = limit }

    /// A new listener of the user; nil when there are too many in total, or after ``close()``.
    func subscribe(_ user: UserID) -> EventSubscription? {
        let subscription = EventSubscription()
        let (isTaken, oldest) = state.withLock { state -> (Bool, EventSubscription?) in
            let others = state.listeners[user] ?? []
            let isFull = others.count >= Self.mostPerUser
            guard !state.isClosed, isFull || state.count < limit else { return (false, nil) }
            state.listeners[user] = (isFull ? Array(others.dropFirst()) : others) + [subscription]
            if !isFull { state.count += 1 }
            return (true, isFull ? others.first : nil)
        }
        oldest?.end()
        guard isTaken else { return nil }
        subscription.onEnd { [weak self, weak subscription] in
            guard let self, let subscription else { return }
            remove(subscription, of: user)
        }
        return subscription
    }

    func publish(_ event: ServerEvent, to user: UserID) {
        for listener in state.withLock({ $0.listeners[user] ?? [] }) { listener.tell(event) }
    }

    /// Gives everybody a sign of life.
    func beat() {
        for listener in state.withLock({ $0.listeners.values.flatMap(\.self) }) { listener.beat() }
    }

    /// Ends the listeners of the users for whom it holds.
    func end(where condition: (UserID) -> Bool) {
        let ended = state.withLock { state in
            let users = state.listeners.keys.filter(condition)
            let ended = users.flatMap { state.listeners[$0] ?? [] }
            for user in users { state.listeners[user] = nil }
            state.count -= ended.count
            return ended
        }
        for listener in ended { listener.end() }
    }

    /// Ends all listeners and takes no more: the worker is about to stop.
    func close() {
        state.withLock { $0.isClosed = true }
        end { _ in true }
    }

    var isClosed: Bool { state.withLock(\.isClosed) }

    var listenerCount: Int { state.withLock(\.count) }

    private func remove(_ subscription: EventSubscription, of user: UserID) {
        state.withLock { state in
            guard var list = state.listeners[user], let index = list.firstIndex(where: { $0 === subscription }) else {
                return
            }
            list.remove(at: index)
            state.listeners[user] = list.isEmpty ? nil : list
            state.count -= 1
        }
    }
}
