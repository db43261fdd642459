import DomainModel
import NIOCore
import Testing
import TorBoxSimulator
import WireProtocol

@testable import WorkerCore

/// What makes the worker tell its listeners, through handlers and polls as they are.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EventSourceTests {
    /// What a listener is told while `body` runs.
    private func told(_ bench: WorkerBench, _ body: () async throws -> Void) async throws -> [ServerEvent] {
        let listener = try #require(bench.parts.events.subscribe(bench.user))
        try await body()
        listener.end()
        return await listener.next()?.events ?? []
    }

    @Test("tags: making one tells nothing; renaming, mapping and deleting tell") func tags() async throws {
        try await WorkerBench.run { bench async throws in
            _ = await bench.ask(Operation.createTag, json: #"{"name":"a"}"#)
            let rename = try await told(bench) {
                _ = await bench.ask(Operation.renameTag, ["id": "1"], json: #"{"name":"b"}"#)
            }
            #expect(rename == [.tagsChanged])
            let map = try await told(bench) {
                _ = await bench.ask(Operation.changeDownloadTags, json: #"{"download_ids":[5],"tag_ids":[1]}"#)
            }
            #expect(map == [.tagsChanged])
            #expect(try await told(bench) { _ = await bench.ask(Operation.deleteTag, ["id": "1"]) } == [.tagsChanged])
            #expect(try await told(bench) { _ = await bench.ask(Operation.createTag, json: #"{"name":"a"}"#) } == [])
            #expect(try await told(bench) { _ = await bench.ask(Operation.deleteTag, ["id": "1"]) } == [])
            #expect(
                try await told(bench) { _ = await bench.ask(Operation.changeDownloadTags, json: "{}") } == [],
                "what was refused changed nothing")
        }
    }

    @Test("protection tells") func protection() async throws {
        try await WorkerBench.run { bench async throws in
            let set = try await told(bench) {
                _ = await bench.ask(Operation.setProtected, json: #"{"download_ids":[5],"protected":true}"#)
            }
            #expect(set == [.protectionChanged])
        }
    }

    @Test("a poll that sees something new tells, one that sees the same does not, and tagging by a rule tells too")
    func polls() async throws {
        try await WorkerBench.run { bench async throws in
            bench.simulator.add(.seeding("target"), to: WorkerBench.key)
            _ = await bench.ask(Operation.createTag, json: #"{"name":"a"}"#)
            try await bench.postRule(action: #"{"type":"add_tag","tagIds":[1]}"#)
            #expect(try await told(bench) { await bench.poll() } == [.changed, .tagsChanged])
            bench.advance(1_801)
            #expect(try await told(bench) { await bench.poll() }.contains(.tagsChanged) == false, "it has the tag")
        }
    }

    @Test("the events operation answers with a stream that carries them") func stream() async throws {
        try await WorkerBench.run { bench async throws in
            let response = await bench.parts.router.answer(
                Request(operation: Operation.listen, user: bench.user, timeout: .seconds(5)))
            #expect(response.status == 200)
            #expect(response.contentType == "text/event-stream")
            guard case .stream(let stream) = response.body else { throw WorkerBench.NoAnswer() }
            var parts = stream.makeAsyncIterator()
            #expect(try await parts.next().map { String(buffer: $0) } == ": connected\n\n")
            _ = await bench.ask(Operation.setProtected, json: #"{"download_ids":[5],"protected":true}"#)
            #expect(
                try await parts.next().map { String(buffer: $0) }
                    == "data: {\"event\":\"protection_changed\"}\n\n")
            bench.parts.events.close()
            #expect(try await parts.next() == nil)
            let late = await bench.parts.router.answer(
                Request(operation: Operation.listen, user: bench.user, timeout: .seconds(5)))
            #expect(late.status == 503)
            #expect(late.code == "draining")
        }
    }
}
