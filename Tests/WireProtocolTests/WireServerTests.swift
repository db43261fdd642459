import Foundation
import NIOCore
import Testing
import WireProtocol

/// The answering side.
@Suite(.timeLimit(.minutes(1))) struct WireServerTests {
    private func with(
        _ handler: @escaping WireServer.Handler, _ body: (WireServer, SocketPlace) async throws -> Void
    ) async throws {
        try await SocketPlace.with { place in
            let server = try await Wire.serve(place, handler)
            try await body(server, place)
            await server.drain()
        }
    }

    @Test("a cancel frame reaches the handler of that number and no other")
    func cancellation() async throws {
        let (cancelled, other) = (Gate(), Gate())
        try await with { request in
            let gate = request.operation == "a" ? cancelled : other
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                gate.open()
            }
            return .text(Task.isCancelled ? "cancelled" : "done")
        } _: { (_, place) async throws in
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.send(.request(1, "a"), .request(2, "b"))
            await eventually("both run") { cancelled.arrivals + other.arrivals == 2 }
            try await peer.send(.bare(.cancel, 99), .bare(.cancel, 1))
            let first = try #require(await peer.next())
            #expect(first.header.number == 1 && first.text == "cancelled")
            other.open()
            let second = try #require(await peer.next())
            #expect(second.header.number == 2 && second.text == "done")
            await peer.close()
        }
    }

    @Test("one request over the bound is answered 503 with Retry-After at once, and the others go on")
    func bound() async throws {
        let gate = Gate()
        try await with { _ in
            await gate.pass()
            return .text("done")
        } _: { (server, place) async throws in
            let peer = try await RawPeer.connect(to: place.path)
            let bound = UInt64(WireLimits.maximumInFlight)
            for number in 1...bound { try await peer.send(.request(number)) }
            try await peer.send(.request(bound + 1))
            let refusal = try #require(await peer.next()).header
            #expect(refusal.number == bound + 1 && refusal.kind == .answer)
            #expect(refusal.status == 503 && refusal.code == "overloaded" && refusal.retryAfterSeconds == 1)
            #expect(server.requestsUnderWay == WireLimits.maximumInFlight)
            gate.open()
            for _ in 1...bound { #expect(await peer.next()?.text == "done") }
            try await peer.send(.request(bound + 2))
            #expect(await peer.next()?.text == "done")
            await peer.close()
        }
    }

    private static func announcing(header: UInt32, then rest: String = "", body: UInt32 = 0) -> ByteBuffer {
        var bytes = ByteBuffer(integer: header)
        bytes.writeString(rest)
        bytes.writeInteger(body)
        return bytes
    }

    private static func bytes(_ frame: Frame) -> ByteBuffer {
        var bytes = ByteBuffer()
        #expect(throws: Never.self) { try FrameCodec.encode(frame, into: &bytes) }
        return bytes
    }

    @Test(
        "a peer that breaks the protocol loses its connection; others notice nothing",
        arguments: [
            announcing(header: 65_537), announcing(header: .max),
            announcing(header: 26, then: #"{"v":1,"n":1,"k":"answer"}"#, body: 16_777_217),
            announcing(header: 7, then: #"{"v":9}"#), announcing(header: 4, then: "nope"), announcing(header: 0),
            bytes(.answer(1)), bytes(.part(1)), bytes(.bare(.control, 0)), bytes(.bare(.request, 1)),
        ])
    func broken(bytes: ByteBuffer) async throws {
        let gate = Gate()
        try await with { request in
            if request.operation == "held" { await gate.pass() }
            return .text("done")
        } _: { (server, place) async throws in
            let good = try await RawPeer.connect(to: place.path)
            try await good.send(.request(1, "held"))
            await eventually("it is held") { gate.arrivals == 1 }
            let bad = try await RawPeer.connect(to: place.path)
            // Its write may fail when the server was quicker to close.
            try? await bad.send(bytes)
            #expect(await bad.next() == nil)
            gate.open()
            #expect(await good.next()?.text == "done")
            try await good.send(.request(2))
            #expect(await good.next()?.text == "done")
            await good.close()
            await eventually("nothing is left") { server.requestsUnderWay == 0 }
        }
    }

    @Test("after nonsense no further request of that peer is begun")
    func nothingAfterNonsense() async throws {
        let gate = Gate()
        try await with { _ in
            await gate.pass()
            return .text("")
        } _: { (server, place) async throws in
            let peer = try await RawPeer.connect(to: place.path)
            // Its write may fail when the server was quicker to close.
            try? await peer.send(.answer(1), .request(2), .request(3))
            #expect(await peer.next() == nil)
            await eventually("nothing is left") { server.requestsUnderWay == 0 || gate.arrivals > 0 }
            #expect(gate.arrivals == 0)
            gate.open()
        }
    }

    @Test("a number that is under way cannot be used again")
    func duplicate() async throws {
        let gate = Gate()
        try await with { _ in
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                gate.open()
            }
            return .text("")
        } _: { (server, place) async throws in
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.send(.request(1), .request(1))
            #expect(await peer.next() == nil)
            await eventually("its handler was cancelled") { server.requestsUnderWay == 0 }
        }
    }

    @Test("when a peer goes away its handlers are cancelled")
    func peerGone() async throws {
        let gate = Gate()
        try await with { _ in
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                gate.open()
            }
            return .text("")
        } _: { (server, place) async throws in
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.send(.request(1))
            await eventually("it runs") { gate.arrivals == 1 }
            await peer.close()
            await eventually("it has left") { server.requestsUnderWay == 0 }
        }
    }

    @Test("an answer that is too long becomes an error of its own, and the connection lives on")
    func answerTooLong() async throws {
        try await with { request in
            guard request.operation == "big" else { return .text("done") }
            return Response(
                status: 200, body: .bytes(ByteBuffer(repeating: 0, count: WireLimits.maximumBodyBytes + 1)))
        } _: { (_, place) async throws in
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.send(.request(1, "big"))
            let refusal = try #require(await peer.next()).header
            #expect(refusal.number == 1 && refusal.status == 500 && refusal.code == "answerTooLong")
            try await peer.send(.request(2))
            #expect(await peer.next()?.text == "done")
            await peer.close()
        }
    }

    @Test("the socket is for our own user only")
    func mode() async throws {
        try await with { _ in
            .text("")
        } _: { (_, place) async throws in
            let attributes = try FileManager.default.attributesOfItem(atPath: place.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.type] as? FileAttributeType == .typeSocket)
        }
    }

    @Test("a socket file that a dead process left is replaced")
    func stale() async throws {
        try await SocketPlace.with { place in
            try SocketPair.leaveStaleFile(at: place.path)
            #expect(FileManager.default.fileExists(atPath: place.path))
            await #expect(throws: WireError.self) { try await Wire.connect(place) }
            let server = try await Wire.serve(place) { _ in .text("alive") }
            let connection = try await Wire.connect(place)
            #expect(try await connection.call(Wire.request("ask")).text == "alive")
            await connection.close()
            await server.drain()
        }
    }

    @Test("a file that is no socket is left alone, and the error names it")
    func notOurs() async throws {
        try await SocketPlace.with { place in
            try "precious".write(toFile: place.path, atomically: false, encoding: .utf8)
            let error = await #expect(throws: WireError.self) { try await Wire.serve(place) { _ in .text("") } }
            #expect(error?.code == .cannotListen && error?.message.contains(place.path) == true)
            #expect(try String(contentsOfFile: place.path, encoding: .utf8) == "precious")
        }
    }

    @Test("a directory that is not there is named")
    func noDirectory() async throws {
        try await SocketPlace.with { place in
            try FileManager.default.removeItem(atPath: place.directory)
            let error = await #expect(throws: WireError.self) { try await Wire.serve(place) { _ in .text("") } }
            #expect(error?.code == .cannotListen && error?.message.contains(place.path) == true)
        }
    }

    @Test("a path has one byte too many or it works")
    func pathLength() async throws {
        try await SocketPlace.with { place in
            let room = UnixSocket.maximumPathBytes - place.directory.utf8.count - 1
            let longest = place.directory + "/" + String(repeating: "s", count: room)
            let server = try await WireServer.listen(at: longest, on: Wire.group, logger: Wire.quiet) { _ in .text("") }
            await server.drain()
            let error = await #expect(throws: WireError.self) {
                try await WireServer.listen(at: longest + "s", on: Wire.group, logger: Wire.quiet) { _ in .text("") }
            }
            #expect(error?.code == .socketPathTooLong && error?.message.contains("RUNTIME_DIR") == true)
            let unreachable = await #expect(throws: WireError.self) {
                try await WireConnection.connect(to: longest + "s", on: Wire.group)
            }
            #expect(unreachable?.code == .socketPathTooLong)
        }
    }
}
