import AsyncHTTPClient
import Testing

@testable import TorBoxSimulator

@Suite struct DeliveryFaultTests {
    private let key = SimulatorProbe.key
    private let delete = "{\"torrent_id\":1001,\"operation\":\"delete\"}"

    @Test("a hanging call gets no answer and changes nothing, and its caller can go on") func hang() async throws {
        try await SimulatorProbe.run { probe in
            probe.simulator.add(.completed("t"), to: key)
            probe.simulator.inject(SimulatedFault(.hang(appliesEffect: false), endpoints: [.torrentControl]))
            await #expect(throws: HTTPClientError.deadlineExceeded) {
                try await probe.send("POST", SimulatorEndpoint.torrentControl.path, body: delete, seconds: 1)
            }
            let call = try #require(probe.simulator.calls().first)
            #expect(call.status == 0)
            #expect(call.faults == ["hang"])
            #expect(!call.appliedEffect)
            #expect(try await probe.list(.torrentList).rows.count == 1)
        }
    }

    @Test("a call can hang after its effect") func hangAfterEffect() async throws {
        try await SimulatorProbe.run { probe async throws in
            probe.simulator.add(.completed("t"), to: key)
            probe.simulator.inject(SimulatedFault(.hang(appliesEffect: true)))
            await #expect(throws: HTTPClientError.deadlineExceeded) {
                try await probe.send("POST", SimulatorEndpoint.torrentControl.path, body: delete, seconds: 1)
            }
            #expect(try await probe.list(.torrentList).rows.isEmpty)
            #expect(probe.simulator.calls().first?.appliedEffect == true)
        }
    }

    @Test("a lost answer closes the connection after the effect") func answerLost() async throws {
        try await SimulatorProbe.run { probe in
            probe.simulator.add(.completed("t"), to: key)
            probe.simulator.inject(SimulatedFault(.answerLost, endpoints: [.torrentControl]))
            await #expect(throws: (any Error).self) {
                try await probe.send("POST", SimulatorEndpoint.torrentControl.path, body: delete)
            }
            #expect(try await probe.list(.torrentList).rows.isEmpty)
            let call = try #require(probe.simulator.calls(endpoint: .torrentControl).first)
            #expect(call.status == 0)
            #expect(call.appliedEffect)
        }
    }

    @Test("a cut body ends before its promised length", arguments: [0, 0.5, 1]) func cutBody(fraction: Double)
        async throws
    {
        try await SimulatorProbe.run { probe async throws in
            for index in 0..<50 { probe.simulator.add(.completed("row \(index)"), to: key) }
            probe.simulator.inject(SimulatedFault(.cutBody(fraction: fraction)))
            await #expect(throws: (any Error).self) { try await probe.list(.torrentList) }
            #expect(try await probe.list(.torrentList).rows.count == 50)
        }
    }

    @Test("a delayed answer comes after its delay") func delay() async throws {
        try await SimulatorProbe.run { probe async throws in
            probe.simulator.inject(SimulatedFault(.delay(milliseconds: 200)))
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try await probe.list(.torrentList).status == 200)
            #expect(start.duration(to: clock.now) >= .milliseconds(200))
        }
    }

    @Test("two faults strike one call together") func together() async throws {
        try await SimulatorProbe.run { probe in
            probe.simulator.add(.completed("t"), to: key)
            probe.simulator.inject(SimulatedFault(.emptyList))
            probe.simulator.inject(SimulatedFault(.retryAfterOnSuccess(seconds: 9)))
            let reply = try await probe.list(.torrentList)
            #expect(reply.rows.isEmpty)
            #expect(reply.headers["retry-after"] == "9")
            #expect(probe.simulator.calls().first?.faults == ["emptyList", "retryAfterOnSuccess"])
        }
    }

    @Test("a stop ends hanging calls") func stop() async throws {
        try await SimulatorProbe.run { probe in
            probe.simulator.inject(SimulatedFault(.hang(appliesEffect: false), times: nil))
            let hasFailed = await withTaskGroup(of: Bool.self) { group in
                group.addTask { await (try? probe.send("GET", "/", seconds: 60)) == nil }
                while probe.simulator.calls().isEmpty { await Task.yield() }
                await probe.simulator.stop()
                return await group.next()
            }
            #expect(hasFailed == true)
        }
    }
}
