import NIOCore
import Synchronization

/// News in the form of server-sent events. Source: rest-api 2.1.
enum EventText {
    static let greeting = ": connected\n\n"
    static let beat = ": ping\n\n"

    static func text(_ event: ServerEvent) -> String { "data: {\"event\":\"\(event.rawValue)\"}\n\n" }

    static func text(_ news: EventSubscription.News) -> String {
        news.events.map { text($0) }.joined() + (news.isBeat ? beat : "")
    }

    /// Greets at once, then tells the news until the subscription is over. The reader's end ends the subscription.
    static func stream(of subscription: EventSubscription) -> AsyncThrowingStream<ByteBuffer, any Error> {
        let lease = Lease(subscription)
        return AsyncThrowingStream {
            if lease.takeGreeting() { return ByteBuffer(string: greeting) }
            guard let news = await lease.subscription.next() else {
                lease.subscription.end()
                return nil
            }
            return ByteBuffer(string: text(news))
        }
    }

    /// Lives as long as the stream does: dropped unread, it ends the subscription too.
    private final class Lease: Sendable {
        let subscription: EventSubscription
        private let isGreeted = Atomic<Bool>(false)

        init(_ subscription: EventSubscription) { self.subscription = subscription }

        deinit { subscription.end() }

        func takeGreeting() -> Bool { !isGreeted.exchange(true, ordering: .relaxed) }
    }
}
