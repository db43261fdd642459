import NIOCore
import Synchronization
import Testing
import WireProtocol

@Suite(.timeLimit(.minutes(1))) struct WireStreamTests {
    private struct Broken: Error {}

    /// A stream of `count` parts "0", "1" ..., made as they are asked for; `made` counts them.
    private static func counting(to count: Int, _ made: Counter) -> Response {
        Response(
            status: 200, contentType: "text/event-stream",
            body: .stream(
                AsyncThrowingStream {
                    let number = made.next()
                    return number < count ? ByteBuffer(string: "\(number)") : nil
                }))
    }

    private func texts(_ response: Response) async throws -> [String] {
        var result: [String] = []
        for try await part in try #require(response.parts) { result.append(String(buffer: part)) }
        return result
    }

    @Test("all parts arrive in order and the stream ends", arguments: [0, 1, 8, 9, 1_000])
    func whole(count: Int) async throws {
        try await Wire.pair { _ in
            Self.counting(to: count, Counter())
        } _: { (server, connection, _) async throws in
            let response = try await connection.call(Wire.request("stream"))
            #expect(response.status == 200 && response.contentType == "text/event-stream")
            #expect(try await texts(response) == (0..<count).map(String.init))
            await eventually("nothing is left") { server.requestsUnderWay == 0 }
        }
    }

    @Test("empty parts neither arrive nor use up the room of others")
    func empty() async throws {
        try await Wire.pair { _ in
            let (parts, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
            for number in 0..<50 {
                continuation.yield(ByteBuffer())
                continuation.yield(ByteBuffer(string: "\(number)"))
            }
            continuation.finish()
            return Response(status: 200, body: .stream(parts))
        } _: { (_, connection, _) async throws in
            #expect(try await texts(connection.call(Wire.request("stream"))) == (0..<50).map(String.init))
        }
    }

    @Test("a reader that does not read bounds what is sent; each part that it takes makes room for one")
    func slowReader() async throws {
        let made = Counter()
        try await SocketPlace.with { place in
            let server = try await Wire.serve(place) { _ in Self.counting(to: 1_000, made) }
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.send(.request(5))
            let room = WireLimits.initialStreamCredit
            // The opening, then as many parts as there is room; one more may wait at the sender.
            for _ in 0...room { #expect(await peer.next()?.header.kind == .part) }
            await eventually("the sender waits") { made.count == room + 1 }
            try await peer.send(
                .bare(.credit, 5, credit: 3), .bare(.credit, 5, credit: -9), .bare(.credit, 4, credit: 9))
            for number in 0..<3 { #expect(await peer.next()?.text == "\(room + number)") }
            await eventually("the sender waits again") { made.count == room + 4 }
            #expect(peer.waiting == 0 && made.count == room + 4)
            try await peer.send(.bare(.cancel, 5))
            #expect(await peer.next()?.header.kind == .answer)
            #expect(made.count == room + 4)
            await peer.close()
            await server.drain()
        }
    }

    @Test("through our own reader the sender is never more than its room ahead")
    func bounded() async throws {
        let made = Counter()
        try await Wire.pair { _ in
            Self.counting(to: 500, made)
        } _: { (_, connection, _) async throws in
            let response = try await connection.call(Wire.request("stream"))
            var taken = 0
            for try await _ in try #require(response.parts) {
                taken += 1
                #expect(made.count <= taken + WireLimits.initialStreamCredit + 1)
            }
            #expect(taken == 500)
        }
    }

    @Test("a reader that stops early ends the stream at its source")
    func readerStops() async throws {
        let made = Counter()
        try await Wire.pair { _ in
            Self.counting(to: .max, made)
        } _: { (server, connection, _) async throws in
            for try await part in try #require(try await connection.call(Wire.request("stream")).parts)
            where String(buffer: part) == "20" { break }
            await eventually("the source has stopped") { server.requestsUnderWay == 0 }
        }
    }

    @Test("a reader that is cancelled ends the stream at its source")
    func readerCancelled() async throws {
        try await Wire.pair { _ in
            // Never yields, never ends by itself.
            let (parts, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
            continuation.yield(ByteBuffer(string: "first"))
            return Response(status: 200, body: .stream(parts.holding(continuation)))
        } _: { (server, connection, _) async throws in
            let started = Gate()
            let reader = Task {
                for try await _ in try #require(try await connection.call(Wire.request("stream")).parts) {
                    started.open()
                }
            }
            await started.pass()
            reader.cancel()
            _ = await reader.result
            await eventually("the source has stopped") { server.requestsUnderWay == 0 }
        }
    }

    @Test("an answer nobody reads is given up")
    func unread() async throws {
        try await Wire.pair { _ in
            Self.counting(to: .max, Counter())
        } _: { (server, connection, _) async throws in
            for _ in 0..<20 { #expect(try await connection.call(Wire.request("stream")).status == 200) }
            await eventually("the sources have stopped") { server.requestsUnderWay == 0 }
        }
    }

    @Test("a source that fails breaks the stream, after the parts that it gave")
    func sourceFails() async throws {
        try await Wire.pair { _ in
            let (parts, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
            continuation.yield(ByteBuffer(string: "first"))
            continuation.finish(throwing: Broken())
            return Response(status: 200, body: .stream(parts))
        } _: { (_, connection, _) async throws in
            var iterator = try #require(try await connection.call(Wire.request("stream")).parts).makeAsyncIterator()
            #expect(try await iterator.next().map { String(buffer: $0) } == "first")
            let error = await #expect(throws: WireError.self) { _ = try await iterator.next() }
            #expect(error?.code == .streamBroken)
        }
    }

    @Test("a part that is too long breaks its stream and nothing else")
    func partTooLong() async throws {
        try await Wire.pair { request in
            guard request.operation == "stream" else { return .text("done") }
            let (parts, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
            continuation.yield(ByteBuffer(repeating: 0, count: WireLimits.maximumBodyBytes + 1))
            continuation.finish()
            return Response(status: 200, body: .stream(parts))
        } _: { (_, connection, _) async throws in
            let response = try await connection.call(Wire.request("stream"))
            await #expect(throws: WireError.self) { try await texts(response) }
            #expect(try await connection.call(Wire.request("other")).text == "done")
        }
    }

    @Test("a connection that ends in mid-stream is an error for the reader, never a short stream")
    func gone() async throws {
        try await SocketPlace.with { place in
            let server = try await RawServer.listen(at: place.path)
            let connection = try await Wire.connect(place)
            let peer = try #require(await server.accept())
            async let call = connection.call(Wire.request("stream"))
            let number = try #require(await peer.next()).header.number
            try await peer.send(.part(number), .part(number, "first"))
            let response = try await call
            await peer.close()
            var iterator = try #require(response.parts).makeAsyncIterator()
            #expect(try await iterator.next().map { String(buffer: $0) } == "first")
            let error = await #expect(throws: WireError.self) { _ = try await iterator.next() }
            #expect(error?.code == .connectionClosed)
            await server.close()
        }
    }

    @Test("a sender that ignores the room loses its stream, not a part of it in silence")
    func flood() async throws {
        try await SocketPlace.with { place in
            let server = try await RawServer.listen(at: place.path)
            let connection = try await Wire.connect(place)
            let peer = try #require(await server.accept())
            async let call = connection.call(Wire.request("stream"))
            let number = try #require(await peer.next()).header.number
            try await peer.send(.part(number))
            let response = try await call
            for part in 0..<100 { try await peer.send(.part(number, "\(part)")) }
            try await peer.send(.answer(number))
            #expect(await peer.next()?.header.kind == .cancel)
            let error = await #expect(throws: WireError.self) { try await texts(response) }
            #expect(error?.code == .streamBroken)
            await connection.close()
            await server.close()
        }
    }
}

extension AsyncThrowingStream where Failure == any Error, Element: Sendable {
    /// Keeps the continuation alive as long as the stream: a stream whose continuation is gone never ends by itself.
    fileprivate func holding(_ continuation: Continuation) -> Self {
        continuation.onTermination = { [continuation] _ in _ = continuation }
        return self
    }
}
