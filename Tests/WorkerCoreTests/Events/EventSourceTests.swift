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

    // The closures are out of `#expect` and say that they throw: Swift 6.3 takes a closure in a macro's argument and the
    // next one after it for the same when both stand in a closure, and runs the first twice.
    @Test("tags: making one tells nothing; renaming, mapping and deleting tell") func tags() async throws {
        try await WorkerBench.run { bench async throws in
            func told(by operation: String, _ path: [String: String] = [:], _ json: String = "") async throws
                -> [ServerEvent]
            { try await self.told(bench) { () async throws in _ = await bench.ask(operation, path, json: json) } }

            let created = try await told(by: Operation.createTag, [:], #"{"name":"a"}"#)
            #expect(created == [])
            let renamed = try await told(by: Operation.renameTag, ["id": "1"], #"{"name":"b"}"#)
            #expect(renamed == [.tagsChanged])
            let mapped = try await told(by: Operation.changeDownloadTags, [:], #"{"download_ids":[5],"tag_ids":[1]}"#)
            #expect(mapped == [.tagsChanged])
            let refused = try await told(by: Operation.changeDownloadTags, [:], "{}")
            #expect(refused == [], "what was refused changed nothing")
            let deleted = try await told(by: Operation.deleteTag, ["id": "1"])
            #expect(deleted == [.tagsChanged])
            let gone = try await told(by: Operation.deleteTag, ["id": "1"])
            #expect(gone == [])
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
