import Synchronization

/// One listener's place: what is to be told, however slowly the listener takes it.
///
/// Needs no queue: events say that something changed, not what, so one of each kind is enough.
final class EventSubscription: Sendable {
    /// What a listener gets at a time.
    struct News: Sendable, Equatable {
        /// In the order in which they first came.
        var events: [ServerEvent] = []
        /// A sign of life is due.
        var isBeat = false

        var isEmpty: Bool { events.isEmpty && !isBeat }
    }

    private let pending = Mutex(News())
    private let bells: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() { (bells, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func tell(_ event: ServerEvent) {
        pending.withLock { if !$0.events.contains(event) { $0.events.append(event) } }
        bell.yield()
    }

    func beat() {
        pending.withLock { $0.isBeat = true }
        bell.yield()
    }

    /// What was told before can still be taken.
    func end() { bell.finish() }

    /// Called when the listener is gone or was ended.
    func onEnd(_ body: @escaping @Sendable () -> Void) { bell.onTermination = { _ in body() } }

    /// Waits for news; nil when it is over, or when the waiting task is cancelled. One caller at a time.
    func next() async -> News? {
        while true {
            let news = pending.withLock { pending in
                defer { pending = News() }
                return pending
            }
            if !news.isEmpty { return news }
            var iterator = bells.makeAsyncIterator()
            guard await iterator.next() != nil else {
                // What came just before the end is told too.
                let last = pending.withLock { pending in
                    defer { pending = News() }
                    return pending
                }
                return last.isEmpty ? nil : last
            }
        }
    }
}
