import DomainModel
import NIOCore
import Synchronization
import Testing

@testable import WorkerCore

@Suite(.timeLimit(.minutes(2))) struct EventHubTests {
    @Test("every listener of the user is told, nobody else") func fanOut() async throws {
        let hub = EventHub()
        let (one, two, other) = (hub.subscribe(.sample(1)), hub.subscribe(.sample(1)), hub.subscribe(.sample(2)))
        hub.publish(.tagsChanged, to: .sample(1))
        hub.beat()
        #expect(await one?.next() == .init(events: [.tagsChanged], isBeat: true))
        #expect(await two?.next() == .init(events: [.tagsChanged], isBeat: true))
        #expect(await other?.next() == .init(isBeat: true))
    }

    @Test("a listener who takes nothing costs one of each kind") func slow() async throws {
        let hub = EventHub()
        let listener = try #require(hub.subscribe(.sample(1)))
        for _ in 0..<10_000 {
            hub.publish(.changed, to: .sample(1))
            hub.publish(.tagsChanged, to: .sample(1))
        }
        #expect(await listener.next() == .init(events: [.changed, .tagsChanged]))
        hub.publish(.protectionChanged, to: .sample(1))
        #expect(await listener.next() == .init(events: [.protectionChanged]))
    }

    @Test("one too many of a user ends the oldest, one too many in total is refused") func bounds() async throws {
        let hub = EventHub(limit: EventHub.mostPerUser + 1)
        let oldest = hub.subscribe(.sample(1))
        let others = (1...EventHub.mostPerUser).map { _ in hub.subscribe(.sample(1)) }
        #expect(others.allSatisfy { $0 != nil })
        #expect(hub.listenerCount == EventHub.mostPerUser)
        #expect(await oldest?.next() == nil)
        let last = hub.subscribe(.sample(2))
        #expect(last != nil)
        #expect(hub.subscribe(.sample(3)) == nil)
        #expect(hub.subscribe(.sample(1)) != nil, "it takes the place of another of the same user")
        last?.end()
        #expect(hub.subscribe(.sample(3)) != nil)
    }

    @Test("who leaves makes room: by ending, by cancellation, by dropping the stream") func leaving() async throws {
        let hub = EventHub()
        let listener = try #require(hub.subscribe(.sample(1)))
        let waiting = Task { await listener.next() }
        #expect(hub.listenerCount == 1)
        waiting.cancel()
        #expect(await waiting.value == nil)
        #expect(hub.listenerCount == 0)
        do {
            let stream = EventText.stream(of: try #require(hub.subscribe(.sample(1))))
            #expect(hub.listenerCount == 1)
            _ = stream
        }
        #expect(hub.listenerCount == 0)
    }

    @Test("a slot that leaves ends its users' listeners, a close ends all and lets in no more") func ending()
        async throws
    {
        let hub = EventHub()
        let (leaving, staying) = (hub.subscribe(.sample(1)), hub.subscribe(.sample(2)))
        hub.publish(.changed, to: .sample(1))
        hub.end { $0 == .sample(1) }
        #expect(await leaving?.next() == .init(events: [.changed]), "what came before the end is told")
        #expect(await leaving?.next() == nil)
        #expect(hub.listenerCount == 1)
        hub.close()
        #expect(await staying?.next() == nil)
        #expect(hub.subscribe(.sample(2)) == nil)
        #expect(hub.listenerCount == 0)
    }

    @Test("the stream greets, then tells events and beats in the form that the frontend reads") func text() async throws
    {
        let hub = EventHub()
        let listener = try #require(hub.subscribe(.sample(1)))
        var parts = EventText.stream(of: listener).makeAsyncIterator()
        #expect(try await parts.next().map { String(buffer: $0) } == ": connected\n\n")
        for event in ServerEvent.allCases { hub.publish(event, to: .sample(1)) }
        hub.beat()
        #expect(
            try await parts.next().map { String(buffer: $0) } == """
                data: {"event":"tags_changed"}

                data: {"event":"protection_changed"}

                data: {"event":"changed"}

                : ping


                """)
        hub.close()
        #expect(try await parts.next() == nil)
    }
}
