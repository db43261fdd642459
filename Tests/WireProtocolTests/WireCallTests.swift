import NIOCore
import Testing
import WireProtocol

/// The asker's side.
@Suite(.timeLimit(.minutes(1))) struct WireCallTests {
    private func code(of error: (any Error)?) -> WireError.Code? { (error as? WireError)?.code }

    @Test("a request arrives whole and its answer comes back whole")
    func there() async throws {
        try await Wire.pair { request in
            var response = Response.text(request.operation + request.correlationID + String(buffer: request.body))
            response.status = 207
            response.epoch = 12
            response.contentType = request.parameters["type"] ?? ""
            return response
        } _: { (_, connection, _) async throws in
            var request = Wire.request("echo", body: "body")
            request.correlationID = "id"
            request.parameters = ["type": "text/plain"]
            let answer = try await connection.call(request)
            #expect(answer.text == "echoidbody" && answer.status == 207)
            #expect(answer.epoch == 12 && answer.contentType == "text/plain" && !answer.isMoved)
        }
    }

    @Test("requests in flight are answered in any order, each to its asker")
    func outOfOrder() async throws {
        try await SocketPlace.with { place in
            let server = try await RawServer.listen(at: place.path)
            let connection = try await Wire.connect(place)
            let peer = try #require(await server.accept())
            try await withThrowingTaskGroup(of: (String, String?).self) { group in
                for name in 0..<50 {
                    group.addTask { ("\(name)", try await connection.call(Wire.request("\(name)")).text) }
                }
                var requests: [Frame] = []
                while requests.count < 50, let frame = await peer.next() { requests.append(frame) }
                #expect(Set(requests.map(\.header.number)).count == 50)
                for request in requests.reversed() {
                    try await peer.send(.answer(request.header.number, body: request.header.operation ?? ""))
                }
                for try await (asked, answered) in group { #expect(asked == answered) }
            }
            await connection.close()
            await server.close()
        }
    }

    @Test("without an answer in time the call throws and the peer is told to stop")
    func deadline() async throws {
        try await SocketPlace.with { place in
            let server = try await RawServer.listen(at: place.path)
            let connection = try await Wire.connect(place)
            let peer = try #require(await server.accept())
            let error = await #expect(throws: WireError.self) {
                try await connection.call(Wire.request("slow", timeout: .milliseconds(30)))
            }
            #expect(error?.code == .deadlineExceeded && error?.message.contains("slow") == true)
            let request = try #require(await peer.next())
            #expect(await peer.next() == .bare(.cancel, request.header.number))
            // The answer that comes all the same harms nobody.
            try await peer.send(.answer(request.header.number))
            async let next = connection.call(Wire.request("next"))
            try await peer.send(.answer(try #require(await peer.next()).header.number, body: "yes"))
            #expect(try await next.text == "yes")
            await connection.close()
            await server.close()
        }
    }

    @Test("with no time left nothing is sent", arguments: [Duration.zero, .seconds(-1)])
    func noTime(timeout: Duration) async throws {
        try await SocketPlace.with { place in
            let server = try await RawServer.listen(at: place.path)
            let connection = try await Wire.connect(place)
            let peer = try #require(await server.accept())
            let error = await #expect(throws: WireError.self) {
                try await connection.call(Wire.request("late", timeout: timeout))
            }
            #expect(error?.code == .deadlineExceeded)
            await connection.close()
            #expect(await peer.next() == nil)
            await server.close()
        }
    }

    @Test("any amount of time is allowed", arguments: [Duration.seconds(Int64.max), .milliseconds(Int64.max)])
    func forever(timeout: Duration) async throws {
        try await Wire.pair { _ in
            .text("yes")
        } _: { (_, connection, _) async throws in
            #expect(try await connection.call(Wire.request("patient", timeout: timeout)).text == "yes")
        }
    }

    @Test("a cancelled call throws at once, and the handler is cancelled")
    func cancellation() async throws {
        let (started, stopped) = (Gate(), Gate())
        try await Wire.pair { _ in
            started.open()
            await withTaskCancellationHandler {
                await stopped.pass()
            } onCancel: {
                stopped.open()
            }
            return .text("")
        } _: { (server, connection, _) async throws in
            let call = Task { try await connection.call(Wire.request("slow")) }
            await started.pass()
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            await stopped.pass()
            await eventually("the handler has left") { server.requestsUnderWay == 0 }
        }
    }

    @Test("a call of a cancelled task never begins")
    func cancelledBefore() async throws {
        try await SocketPlace.with { place in
            let server = try await RawServer.listen(at: place.path)
            let connection = try await Wire.connect(place)
            let peer = try #require(await server.accept())
            let call = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await connection.call(Wire.request("never"))
            }
            await #expect(throws: CancellationError.self) { try await call.value }
            await connection.close()
            #expect(await peer.next() == nil)
            await server.close()
        }
    }

    @Test("calls cancelled at any moment never disturb others")
    func cancellationStorm() async throws {
        try await Wire.pair {
            .text($0.operation)
        } _: { (_, connection, _) async throws in
            await withTaskGroup(of: Void.self) { group in
                for round in 0..<400 {
                    group.addTask {
                        let call = Task { try await connection.call(Wire.request("cancelled")) }
                        for _ in 0..<(round % 40) { await Task.yield() }
                        call.cancel()
                        // Either outcome is right.
                        _ = await call.result
                    }
                    group.addTask {
                        // A failure is no text, and shows as such.
                        let answer = try? await connection.call(Wire.request("\(round)"))
                        #expect(answer?.text == "\(round)")
                    }
                }
            }
        }
    }

    @Test("over the bound of calls under way the next is refused at once, and there is room again afterwards")
    func bound() async throws {
        let gate = Gate()
        try await Wire.pair { _ in
            await gate.pass()
            return .text("done")
        } _: { (_, connection, _) async throws in
            try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<WireLimits.maximumInFlight {
                    group.addTask { try await connection.call(Wire.request("held")).text }
                }
                await eventually("all are held") { gate.arrivals == WireLimits.maximumInFlight }
                let error = await #expect(throws: WireError.self) { try await connection.call(Wire.request("more")) }
                #expect(error?.code == .overloaded)
                gate.open()
                for try await text in group { #expect(text == "done") }
            }
            #expect(try await connection.call(Wire.request("again")).text == "done")
        }
    }

    @Test("a peer that goes away mid-request fails all its calls, their fate unknown")
    func peerGone() async throws {
        try await SocketPlace.with { place in
            let server = try await RawServer.listen(at: place.path)
            let connection = try await Wire.connect(place)
            let peer = try #require(await server.accept())
            let calls = (0..<5).map { _ in Task { try await connection.call(Wire.request("lost")) } }
            for _ in calls { _ = await peer.next() }
            await peer.close()
            for call in calls {
                let error = await #expect(throws: WireError.self) { try await call.value }
                #expect(error?.code == .connectionClosed)
            }
            try await connection.closed.get()
            #expect(!connection.isActive)
            let error = await #expect(throws: WireError.self) { try await connection.call(Wire.request("after")) }
            #expect(error?.code == .unreachable)
            await server.close()
        }
    }

    @Test("a request that is too long fails alone")
    func tooLong() async throws {
        let gate = Gate()
        try await Wire.pair { request in
            if request.operation == "held" { await gate.pass() }
            return .text("done")
        } _: { (_, connection, _) async throws in
            let held = Task { try await connection.call(Wire.request("held")) }
            await eventually("it is held") { gate.arrivals == 1 }
            var big = Wire.request("big")
            big.body = ByteBuffer(repeating: 0, count: WireLimits.maximumBodyBytes + 1)
            let body = await #expect(throws: WireError.self) { try await connection.call(big) }
            #expect(body?.code == .bodyTooLong)
            let long = Wire.request(String(repeating: "x", count: WireLimits.maximumHeaderBytes))
            let header = await #expect(throws: WireError.self) { try await connection.call(long) }
            #expect(header?.code == .headerTooLong)
            gate.open()
            #expect(try await held.value.text == "done")
        }
    }

    @Test(
        "an answer that cannot be understood is a typed error and ends the connection",
        arguments: [
            (ByteBuffer(integer: UInt32.max), WireError.Code.headerTooLong),
            (ByteBuffer(string: "\0\0\0\u{1}{\0\0\0\0"), .malformedHeader),
            (ByteBuffer(string: "\0\0\0\u{7}{\"v\":2}\0\0\0\0"), .unsupportedVersion),
        ])
    func nonsense(bytes: ByteBuffer, expected: WireError.Code) async throws {
        try await SocketPlace.with { place in
            let server = try await RawServer.listen(at: place.path)
            let connection = try await Wire.connect(place)
            let peer = try #require(await server.accept())
            async let call = connection.call(Wire.request("ask"))
            _ = await peer.next()
            try await peer.send(bytes)
            do {
                _ = try await call
                Issue.record("answered")
            } catch {
                #expect(code(of: error) == expected)
            }
            try await connection.closed.get()
            await server.close()
        }
    }

    @Test("without a server the error says where nobody is")
    func nobody() async throws {
        try await SocketPlace.with { place in
            let error = await #expect(throws: WireError.self) { try await Wire.connect(place) }
            #expect(error?.code == .unreachable && error?.message.contains(place.path) == true)
        }
    }
}
