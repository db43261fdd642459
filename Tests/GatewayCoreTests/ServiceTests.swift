import DomainModel
import HTTPTypes
import Testing
import WireProtocol

@testable import GatewayCore

/// The gateway over real sockets.
@Suite struct ServiceTests {
    private let rules = "/api/automation/rules"

    private func limits(_ change: (inout ConnectionLimits) -> Void) -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.lingerTimeout = .milliseconds(500)
        change(&limits)
        return limits
    }

    @Test("requests on one kept-alive connection are answered in order, with date and server")
    func keepAlive() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            for _ in 0..<3 {
                try await client.get(rules)
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer["Server"] == "torbox-backend")
                #expect(answer["Date"]?.hasSuffix(" GMT") == true)
            }
            #expect(!client.isClosed)
        }
    }

    @Test("pipelined requests are answered in order")
    func pipelined() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            let heads = (1...5).map { "GET /n\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }
            try await client.send(heads.joined())
            for number in 1...5 {
                #expect(try await client.answer().json["path"] == .string("/n\(number)"))
            }
        }
    }

    @Test("Connection: close and HTTP/1.0 are honoured")
    func connectionClose() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            for head in [
                "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /health HTTP/1.0\r\n\r\n",
            ] {
                let client = try await fixture.connect()
                try await client.send(head)
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer["Connection"] == "close")
                try await eventually("the server closes") { client.isClosed }
            }
        }
    }

    @Test("a chunked body is put together")
    func chunked() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send(
                "POST \(rules) HTTP/1.1\r\nHost: x\r\nx-api-key: \(GatewayFixture.key)\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"ru\r\n")
            try await client.send("8\r\nles\":[]}\r\n0\r\n\r\n")
            #expect(try await client.answer().status == 200)
            #expect(fixture.gateway.owner.lastRequest?.bodyText == #"{"rules":[]}"#)
        }
    }

    @Test("a client that asks whether to go on with its body is told so, unless it would be refused")
    func expectContinue() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let head =
                "POST \(rules) HTTP/1.1\r\nHost: x\r\nx-api-key: \(GatewayFixture.key)\r\nExpect: 100-continue\r\n"
            let client = try await fixture.connect()
            try await client.send(head + "Content-Length: 2\r\n\r\n")
            #expect(try await client.answer().status == 100)
            try await client.send("{}")
            #expect(try await client.answer().status == 200)
            let other = try await fixture.connect()
            try await other.send(head + "Content-Length: 99999999\r\n\r\n")
            #expect(try await other.answer().status == 413)
        }
    }

    @Test("11 MiB are a 413 that the client can read, announced or chunked")
    func tooLarge() async throws {
        try await ServiceFixture.with(limits: limits { _ in }) { fixture, _ async throws in
            let block = String(repeating: "x", count: 1 << 20)
            let head = "POST \(rules) HTTP/1.1\r\nHost: x\r\nx-api-key: \(GatewayFixture.key)\r\n"
            let announced = try await fixture.connect()
            try await announced.send(head + "Content-Length: \(11 << 20)\r\n\r\n")
            for _ in 0..<11 { announced.sendIfOpen(block) }
            let first = try await announced.answer()
            #expect(first.status == 413)
            #expect(first.error == "Request body too large")
            #expect(first["X-Correlation-Id"]?.count == 8)
            try await eventually("the connection is closed") { announced.isClosed }

            let chunked = try await fixture.connect()
            try await chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<11 { chunked.sendIfOpen("100000\r\n\(block)\r\n") }
            chunked.sendIfOpen("0\r\n\r\n")
            #expect(try await chunked.answer().status == 413)
            try await eventually("the connection is closed") { chunked.isClosed }
            #expect(fixture.gateway.owner.requests.isEmpty)
        }
    }

    @Test(
        "bytes that are no HTTP are a 400 with JSON, and the connection ends",
        arguments: [
            "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /health HTTP/1.1\r\nbad header\r\n\r\n",
            "\u{16}\u{3}\u{1}\r\n\r\n",
        ])
    func garbage(text: String) async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send(text)
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer.json["success"] == .bool(false))
            #expect(answer["X-Correlation-Id"]?.count == 8)
            try await eventually("the connection is closed") { client.isClosed }
        }
    }

    @Test("garbage after a good request is answered after it")
    func pipelinedGarbage() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n\u{1}garbage garbage\r\n\r\n")
            #expect(try await client.answer().status == 200)
            let second = try await client.answer()
            #expect(second.status == 400)
            #expect(second.json["success"] == .bool(false))
            try await eventually("the connection is closed") { client.isClosed }
        }
    }

    @Test("a broken chunk is a 400")
    func brokenChunk() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send(
                "POST \(rules) HTTP/1.1\r\nHost: x\r\nx-api-key: \(GatewayFixture.key)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\nzz\r\n")
            #expect(try await client.answer().status == 400)
            try await eventually("the connection is closed") { client.isClosed }
            #expect(fixture.gateway.owner.requests.isEmpty)
        }
    }

    @Test("headers over the bound end the connection with a 4xx")
    func headerOverflow() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            let long = String(repeating: "a", count: 40_000)
            client.sendIfOpen("GET /health HTTP/1.1\r\nHost: x\r\nX-Long: \(long)\r\n\r\n")
            #expect((400..<500).contains(try await client.answer().status))
            try await eventually("the connection is closed") { client.isClosed }
        }
    }

    @Test("a request head that dawdles is a 408")
    func slowHead() async throws {
        try await ServiceFixture.with(limits: limits { $0.headTimeout = .milliseconds(150) }) {
            fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send("GET /health HTTP/1.1\r\nHo")
            let answer = try await client.answer()
            #expect(answer.status == 408)
            #expect(answer.json["success"] == .bool(false))
            try await eventually("the connection is closed") { client.isClosed }
        }
    }

    @Test("a request body that dawdles is a 408, however it trickles")
    func slowBody() async throws {
        try await ServiceFixture.with(limits: limits { $0.bodyTimeout = .milliseconds(300) }) {
            fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send(
                "POST \(rules) HTTP/1.1\r\nHost: x\r\nx-api-key: \(GatewayFixture.key)\r\nContent-Length: 1000\r\n\r\n")
            try await eventually("the answer comes while bytes still trickle") {
                client.sendIfOpen(" ")
                return client.received.contains("408")
            }
            try await eventually("the connection is closed") { client.isClosed }
            #expect(fixture.gateway.owner.requests.isEmpty)
        }
    }

    @Test("a kept-alive connection without a request is closed in the end")
    func idle() async throws {
        try await ServiceFixture.with(limits: limits { $0.idleTimeout = .seconds(2) }) {
            fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.get("/health")
            #expect(try await client.answer().status == 200)
            try await eventually("the connection is closed") { client.isClosed }
        }
    }

    @Test("so is one on which nothing was ever sent")
    func idleFromTheStart() async throws {
        try await ServiceFixture.with(limits: limits { $0.idleTimeout = .milliseconds(100) }) {
            fixture, _ async throws in
            let client = try await fixture.connect()
            try await eventually("the connection is closed") { client.isClosed }
            #expect(client.received.isEmpty)
        }
    }

    @Test("a slow worker does not make the connection idle")
    func slowWorker() async throws {
        let limits = limits {
            $0.idleTimeout = .milliseconds(100)
            $0.headTimeout = .milliseconds(100)
            $0.bodyTimeout = .milliseconds(100)
        }
        try await ServiceFixture.with(limits: limits) { fixture, _ async throws in
            let gate = Gate()
            fixture.gateway.owner.answer { _ in
                await gate.wait()
                return .json("{}")
            }
            let client = try await fixture.connect()
            try await client.get(rules)
            try await eventually("the worker is asked") { !fixture.gateway.owner.requests.isEmpty }
            // Came later and is gone: all limits on the client have passed.
            let idler = try await fixture.connect()
            try await eventually("the idle one is closed") { idler.isClosed }
            #expect(!client.isClosed && client.received.isEmpty)
            gate.open()
            #expect(try await client.answer().status == 200)
            // Now it is.
            try await eventually("the connection is closed") { client.isClosed }
        }
    }

    @Test("500 idle and 50 dawdling connections disturb nobody")
    func crowd() async throws {
        try await ServiceFixture.with { fixture, service async throws in
            var idlers: [RawClient] = []
            for number in 0..<550 {
                let client = try await fixture.connect()
                if number.isMultiple(of: 11) { try await client.send("POST \(rules) HTTP/1.1\r\nHost: x\r\nCont") }
                idlers.append(client)
            }
            try await eventually("all are connected") { service.connectionCount == 550 }
            let client = try await fixture.connect()
            for _ in 0..<50 {
                try await client.get(rules)
                #expect(try await client.answer(within: .seconds(2)).status == 200)
            }
            for idler in idlers { await idler.close() }
            try await eventually("all are gone") { service.connectionCount == 1 }
        }
    }

    @Test("connections over the bound wait and are served when there is room")
    func connectionBound() async throws {
        try await ServiceFixture.with(limits: limits { $0.maximumConnections = 2 }) { fixture, service async throws in
            let first = try await fixture.connect()
            let second = try await fixture.connect()
            try await first.get("/health")
            try await second.get("/health")
            _ = try await (first.answer(), second.answer())
            let third = try await fixture.connect()
            try await third.get("/health")
            #expect(service.connectionCount <= 3)
            await first.close()
            await second.close()
            #expect(try await third.answer().status == 200)
        }
    }

    @Test("a body that goes on after its refusal ends the connection")
    func endless() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            let block = "100000\r\n\(String(repeating: "x", count: 1 << 20))\r\n"
            try await eventually("the connection is closed") {
                client.sendIfOpen(block)
                return client.isClosed
            }
            #expect(client.received.contains("404"))
        }
    }

    @Test("a client that takes no answer loses the connection")
    func stalledReader() async throws {
        try await ServiceFixture.with(limits: limits { $0.bodyTimeout = .milliseconds(300) }) {
            fixture, service async throws in
            fixture.gateway.owner.answer { _ in .json("[\"\(String(repeating: "x", count: 15 << 20))\"]") }
            let client = try await fixture.connect()
            try await client.stopReading()
            try await client.get(rules)
            try await eventually("the server gives up") {
                service.connectionCount == 0 && fixture.gateway.owner.requests.count == 1
            }
            await client.close()
        }
    }

    @Test("a slash at the end changes nothing")
    func trailingSlash() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            for path in ["/health/", rules + "/", rules + "/7/logs/"] {
                try await client.get(path)
                #expect(try await client.answer().status == 200)
            }
        }
    }

    @Test("HEAD is answered with a length and no body")
    func head() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send("HEAD /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            try await eventually("the connection is closed") { client.isClosed }
            #expect(client.received.hasPrefix("HTTP/1.1 200"))
            #expect(client.received.hasSuffix("\r\n\r\n"))
        }
    }

    @Test(
        "OPTIONS and odd targets are answered", arguments: ["OPTIONS *", "OPTIONS /x", "GET http://x/health", "GET //"])
    func oddTargets(start: String) async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            try await client.send("\(start) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect([200, 204, 404].contains(try await client.answer().status))
        }
    }
}
