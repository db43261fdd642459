import HTTPTypes
import NIOCore
import ServiceSupport
import Synchronization
import Testing
import WireProtocol

@testable import GatewayCore

/// Event streams from the worker through the gateway to a client's socket.
@Suite struct EventStreamTests {
    /// A worker's stream whose parts the test gives.
    private final class Source: Sendable {
        private let made = Mutex<[AsyncThrowingStream<ByteBuffer, any Error>.Continuation]>([])
        private let endings = Mutex(0)

        /// Streams that ended on the worker's side.
        var ended: Int { endings.withLock { $0 } }
        var count: Int { made.withLock(\.count) }

        func response() -> WireProtocol.Response {
            let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
            continuation.onTermination = { _ in self.endings.withLock { $0 += 1 } }
            continuation.yield(ByteBuffer(string: ": connected\n\n"))
            made.withLock { $0.append(continuation) }
            return WireProtocol.Response(status: 200, contentType: "text/event-stream", body: .stream(stream))
        }

        func send(_ text: String) {
            for continuation in made.withLock({ $0 }) { continuation.yield(ByteBuffer(string: text)) }
        }

        func finish(throwing error: (any Error)? = nil) {
            for continuation in made.withLock({ $0 }) { continuation.finish(throwing: error) }
        }
    }

    private static let path = "/api/automation/events"

    private func run(
        _ configuration: GatewayConfiguration = GatewayConfiguration(), limits: ConnectionLimits = ConnectionLimits(),
        _ body: (ServiceFixture, GatewayService, Source) async throws -> Void
    ) async throws {
        try await ServiceFixture.with(configuration, limits: limits) { fixture, service async throws in
            let source = Source()
            fixture.gateway.owner.answer { _ in source.response() }
            try await body(fixture, service, source)
        }
    }

    @Test("head and greeting come at once, events as they happen, with the headers that proxies need") func events()
        async throws
    {
        try await run { fixture, _, source in
            let client = try await fixture.connect()
            try await client.get(Self.path, "Accept-Encoding: gzip\r\n")
            try await eventually("the greeting comes") { client.received.contains(": connected\n\n") }
            let head = client.received.lowercased()
            for header in [
                "http/1.1 200", "content-type: text/event-stream\r\n", "cache-control: no-cache\r\n",
                "x-accel-buffering: no\r\n", "connection: keep-alive\r\n", "transfer-encoding: chunked\r\n",
                "x-correlation-id:",
            ] { #expect(head.contains(header), "\(header) in \(head)") }
            #expect(!head.contains("content-encoding") && !head.contains("ratelimit") && !head.contains("etag"))
            source.send("data: {\"event\":\"tags_changed\"}\n\n")
            try await eventually("the event comes") { client.received.contains("tags_changed") }
            #expect(fixture.gateway.owner.lastRequest?.operation == Operation.listen)
            #expect(fixture.gateway.owner.lastRequest?.user == GatewayFixture.user)
            await client.close()
        }
    }

    @Test("a stream is no idle connection, however quiet") func idle() async throws {
        var limits = ConnectionLimits()
        limits.idleTimeout = .milliseconds(200)
        limits.headTimeout = .milliseconds(200)
        try await run(limits: limits) { fixture, _, source in
            let client = try await fixture.connect()
            try await client.get(Self.path)
            try await eventually("the greeting comes") { client.received.contains("connected") }
            let other = try await fixture.connect()
            try await other.get("/health")
            _ = try await other.answer()
            try await eventually("an idle connection is closed meanwhile") { other.isClosed }
            #expect(!client.isClosed)
            source.send(": ping\n\n")
            try await eventually("the ping comes") { client.received.contains(": ping") }
            await client.close()
        }
    }

    @Test("when the client leaves, the worker's stream ends with the next sign of life, and its place is free")
    func clientLeaves() async throws {
        try await run { fixture, _, source in
            let client = try await fixture.connect()
            try await client.get(Self.path)
            try await eventually("the greeting comes") { client.received.contains("connected") }
            #expect(fixture.gateway.application.streams.count == 1)
            await client.close()
            try await eventually("the worker's stream ends") {
                source.send(": ping\n\n")
                return source.ended == 1
            }
            try await eventually("the place is free") { fixture.gateway.application.streams.count == 0 }
        }
    }

    @Test("when the worker ends the stream the answer ends in order; when it breaks, the connection ends")
    func workerEnds()
        async throws
    {
        struct Broken: Error {}
        for error in [nil, Broken()] as [(any Error)?] {
            try await run { fixture, _, source in
                let client = try await fixture.connect()
                try await client.get(Self.path)
                try await eventually("the greeting comes") { client.received.contains("connected") }
                source.finish(throwing: error)
                if error == nil {
                    try await eventually("the last chunk comes") { client.received.hasSuffix("0\r\n\r\n") }
                } else {
                    try await eventually("the connection ends") { client.isClosed }
                    #expect(!client.received.hasSuffix("0\r\n\r\n"))
                }
                await client.close()
            }
        }
    }

    @Test("draining ends streams in order and does not wait for them") func drain() async throws {
        try await run { fixture, service, source in
            let client = try await fixture.connect()
            try await client.get(Self.path)
            try await eventually("the greeting comes") { client.received.contains("connected") }
            service.beginDraining()
            try await eventually("the last chunk comes") { client.received.hasSuffix("0\r\n\r\n") }
            try await eventually("the connection is closed") { client.isClosed && service.connectionCount == 0 }
            try await eventually("the worker's stream ends") { source.ended == 1 }
        }
    }

    @Test("one stream too many is refused with 429 and leaves the others alone") func tooMany() async throws {
        var configuration = GatewayConfiguration()
        configuration.connections.maximumConnections = 4
        try await run(configuration) { fixture, _, source in
            let clients = [try await fixture.connect(), try await fixture.connect()]
            for client in clients {
                try await client.get(Self.path)
                try await eventually("the greeting comes") { client.received.contains("connected") }
            }
            let late = try await fixture.connect()
            try await late.get(Self.path)
            let answer = try await late.answer()
            #expect(answer.status == 429)
            #expect(answer.error == "Too many event streams")
            #expect(answer["Retry-After"] != nil)
            source.send(": ping\n\n")
            for client in clients { try await eventually("it goes on") { client.received.contains("ping") } }
            for client in clients + [late] { await client.close() }
        }
    }

    @Test("what the worker refuses is an answer like any other") func refusal() async throws {
        try await GatewayFixture.with { gateway async throws in
            gateway.owner.answer { _ in .json(#"{"success":false,"error":"User not registered"}"#, status: 404) }
            let answer = try await gateway.ask(.get, Self.path)
            #expect(answer.status == 404)
            #expect(answer.error == "User not registered")
            #expect(try await gateway.ask(.get, Self.path, key: nil).status == 401)
            try await eventually("no place is taken") { gateway.application.streams.count == 0 }
        }
    }

    @Test("more streams than one connection to a worker has places leave room for requests") func places() async throws
    {
        try await GatewayFixture.with { gateway async throws in
            let source = Source()
            gateway.owner.answer { request in
                request.operation == Operation.listen ? source.response() : .json("{}")
            }
            let streams = WireLimits.maximumInFlight + 100
            var responses: [WorkerResponse] = []
            for _ in 0..<streams {
                responses.append(
                    try await gateway.client.listen(
                        WorkerRequest(operation: Operation.listen, timeout: .seconds(10)), for: GatewayFixture.user,
                        deadline: .after(.seconds(10))))
            }
            #expect(responses.allSatisfy { $0.status == 200 })
            #expect(try await gateway.ask(.get, "/api/automation/rules").status == 200)
            source.finish()
        }
    }
}
