import NIOCore
import Testing
import WireProtocol

@Suite(.timeLimit(.minutes(1))) struct WireDrainTests {
    @Test("draining answers what is under way, refuses what is new with 503 draining, then closes")
    func drain() async throws {
        try await SocketPlace.with { place in
            let gate = Gate()
            let server = try await Wire.serve(place) { _ in
                await gate.pass()
                return .text("done")
            }
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.send(.request(1))
            await eventually("it is held") { gate.arrivals == 1 }
            async let drained: Void = server.drain()
            await eventually("no more connections") { (try? await RawPeer.connect(to: place.path)) == nil }
            var number: UInt64 = 1
            var refusal: FrameHeader?
            try await eventually("a refusal") {
                number += 1
                try await peer.send(.request(number))
                await eventually("an answer, or held") { peer.waiting > 0 || gate.arrivals == number }
                if peer.waiting > 0 { refusal = await peer.next()?.header }
                return refusal != nil
            }
            #expect(refusal?.status == 503 && refusal?.code == "draining" && refusal?.retryAfterSeconds == 1)
            gate.open()
            for _ in 1..<number { #expect(await peer.next()?.text == "done") }
            #expect(await peer.next() == nil)
            await drained
            #expect(server.requestsUnderWay == 0)
        }
    }

    @Test("a long answer arrives whole although the server closes behind it")
    func longLastAnswer() async throws {
        try await SocketPlace.with { place in
            let gate = Gate()
            let body = ByteBuffer(repeating: 0x61, count: WireLimits.maximumBodyBytes)
            let server = try await Wire.serve(place) { _ in
                await gate.pass()
                return Response(status: 200, body: .bytes(body))
            }
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.send(.request(1))
            await eventually("it is held") { gate.arrivals == 1 }
            try await peer.setReading(false)
            async let drained: Void = server.drain()
            gate.open()
            await eventually("the handler is done") { server.requestsUnderWay == 0 }
            try await peer.setReading(true)
            #expect(await peer.next()?.body == body)
            #expect(await peer.next() == nil)
            await drained
        }
    }

    @Test("idle connections are closed at once, and draining twice is draining once")
    func idle() async throws {
        try await SocketPlace.with { place in
            let server = try await Wire.serve(place) { _ in .text("done") }
            let peers = [try await RawPeer.connect(to: place.path), try await RawPeer.connect(to: place.path)]
            for peer in peers {
                try await peer.send(.request(1))
                #expect(await peer.next()?.text == "done")
            }
            async let first: Void = server.drain()
            async let second: Void = server.drain()
            _ = await (first, second)
            for peer in peers { #expect(await peer.next() == nil) }
            await server.drain()
        }
    }

    @Test("connections that are being accepted while draining begins are closed too", arguments: 0..<20)
    func late(round: Int) async throws {
        try await SocketPlace.with { place in
            let server = try await Wire.serve(place) { _ in .text("done") }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        // Refused or accepted: either is right, staying open is not.
                        guard let peer = try? await RawPeer.connect(to: place.path) else { return }
                        while await peer.next() != nil {}
                    }
                }
                group.addTask {
                    for _ in 0..<round { await Task.yield() }
                    await server.drain()
                }
            }
        }
    }

    @Test("draining waits for handlers whose asker has gone")
    func orphanedHandler() async throws {
        try await SocketPlace.with { place in
            let (gate, drained) = (Gate(), Counter())
            let server = try await Wire.serve(place) { _ in
                await gate.pass()
                return .text("")
            }
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.send(.request(1))
            await eventually("it is held") { gate.arrivals == 1 }
            await peer.close()
            let drain = Task {
                await server.drain()
                _ = drained.next()
            }
            await eventually("no more connections") { (try? await RawPeer.connect(to: place.path)) == nil }
            // Time enough for a drain that does not wait to return.
            for _ in 0..<50 { #expect((try? await RawPeer.connect(to: place.path)) == nil) }
            #expect(drained.count == 0 && server.requestsUnderWay == 1)
            gate.open()
            await drain.value
            #expect(server.requestsUnderWay == 0)
        }
    }

    @Test("draining ends at its limit even when an asker never reads its answer")
    func limit() async throws {
        try await SocketPlace.with { place in
            let asked = Gate()
            let server = try await Wire.serve(place) { _ in
                asked.open()
                return Response(status: 200, body: .bytes(ByteBuffer(repeating: 0, count: WireLimits.maximumBodyBytes)))
            }
            let peer = try await RawPeer.connect(to: place.path)
            try await peer.setReading(false)
            try await peer.send(.request(1))
            await asked.pass()
            await server.drain(within: .milliseconds(50))
            // The peer may have noticed the end already.
            try? await peer.setReading(true)
            #expect(await peer.next() == nil)
        }
    }
}
