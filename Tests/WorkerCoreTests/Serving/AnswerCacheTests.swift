import DomainModel
import EntityTags
import Logging
import NIOCore
import Testing
import WireProtocol

@testable import WorkerCore

@Suite struct AnswerCacheTests {
    private let clock = WriteClock()
    private let cache: AnswerCache
    private let made = Counter()
    private let user: UserID

    init() throws {
        cache = AnswerCache(clock: clock)
        user = try #require(UserID(String(repeating: "0a", count: 32)))
    }

    @Test("an answer is made once, and again after the user's file was written")
    func keptUntilWritten() async throws {
        #expect(try await ask() == "1")
        #expect(try await ask() == "1")
        clock.tick(user)
        #expect(try await ask() == "2")
    }

    @Test("a kept answer has the tag of its body with it")
    func tagged() async throws {
        let first = try await cache.answer(context(user, [:])) { try response() }
        let kept = try await cache.answer(context(user, [:])) { try response() }
        guard case .bytes(let body) = first.body else { return #expect(Bool(false), "not in one piece") }
        #expect(kept.entityTag == EntityTag.of(body))
    }

    @Test("other parameters are another answer, and so is another user")
    func byParameters() async throws {
        #expect(try await ask() == "1")
        #expect(try await ask(parameters: ["page": "2"]) == "2")
        let other = try #require(UserID(String(repeating: "0b", count: 32)))
        #expect(try await ask(other) == "3")
        #expect(try await ask() == "1")
    }

    @Test("an answer made while the file was written is not kept")
    func writtenMeanwhile() async throws {
        let first = try await cache.answer(context(user, [:])) {
            clock.tick(user)
            return try response()
        }
        #expect(text(first) == "1")
        #expect(try await ask() == "2")
    }

    @Test("refusals and long answers are not kept", arguments: [(404, 1), (200, AnswerCache.longest + 1)])
    func notKept(status: Int, length: Int) async throws {
        let body = ByteBuffer(repeating: UInt8(ascii: " "), count: length)
        let answer = try await cache.answer(context(user, [:])) {
            Response(status: status, body: .bytes(body))
        }
        #expect(answer.status == status)
        #expect(try await ask() == "1")
    }

    @Test("writes always go through")
    func writes() async throws {
        #expect(try await ask(operation: Operation.replaceRules) == "1")
        #expect(try await ask(operation: Operation.replaceRules) == "2")
    }

    @Test("what does not fit any more is dropped, the oldest first")
    func bounded() async throws {
        let (size, count) = (10_000, 20)
        let cache = AnswerCache(clock: clock, room: count * size / 2)
        for number in 0..<count { _ = try await ask(of: cache, parameters: ["n": "\(number)"], padding: size) }
        let before = made.value
        _ = try await ask(of: cache, parameters: ["n": "\(count - 1)"], padding: size)
        #expect(made.value == before)
        _ = try await ask(of: cache, parameters: ["n": "0"], padding: size)
        #expect(made.value == before + 1)
    }

    @Test("whoever was told of a write sees it in the next answer")
    func throughTheWorker() async throws {
        try await WorkerBench.run { bench in
            for number in 1...3 {
                let created = await bench.ask(Operation.createTag, json: "{\"name\":\"tag \(number)\"}")
                #expect(created.status == 200)
                for _ in 1...2 {
                    let tags = await bench.ask(Operation.listTags)
                    #expect(tags.json["tags"]?.arrayValue?.count == number)
                }
            }
        }
    }

    // MARK: Asking

    private func ask(
        _ asker: UserID? = nil, of cache: AnswerCache? = nil, operation: String = Operation.listRules,
        parameters: [String: String] = [:],
        padding: Int = 0
    ) async throws -> String {
        let context = context(asker ?? user, parameters, operation)
        return text(try await (cache ?? self.cache).answer(context) { try response(padding: padding) })
    }

    private func response(padding: Int = 0) throws -> Response {
        made.add()
        var body = ByteBuffer(string: "\(made.value)")
        body.writeRepeatingByte(UInt8(ascii: " "), count: padding)
        return Response(status: 200, body: .bytes(body))
    }

    private func context(
        _ user: UserID, _ parameters: [String: String], _ operation: String = Operation.listRules
    ) -> RequestContext {
        let request = Request(
            operation: operation, user: user, timeout: .seconds(1), correlationID: "test", parameters: parameters)
        return RequestContext(request: request, user: user, logger: Logger(label: "test"))
    }

    private func text(_ response: Response) -> String {
        guard case .bytes(let body) = response.body else { return "" }
        return String(buffer: body).trimmed
    }
}
