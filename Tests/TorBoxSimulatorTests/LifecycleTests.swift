import Testing

@testable import TorBoxSimulator

@Suite struct LifecycleTests {
    @Test("two simulators live side by side, and a stopped one answers nobody") func sideBySide() async throws {
        // An address that no other test uses: a freed port of 127.0.0.1 may be another test's at once.
        var configuration = SimulatorConfiguration()
        configuration.host = "127.0.0.2"
        try await SimulatorProbe.run(configuration: configuration, accounts: [:]) { first async throws in
            try await SimulatorProbe.run { second async throws in
                #expect(first.simulator.baseURL == "http://127.0.0.2:\(first.simulator.port)")
                #expect(first.simulator.baseURL != second.simulator.baseURL)
                #expect(try await first.get("/").status == 200)
                await first.simulator.stop()
                await #expect(throws: (any Error).self) { try await first.send("GET", "/", seconds: 2) }
                #expect(try await second.get("/").status == 200)
            }
        }
    }

    @Test("a port that is taken is an error, not a wait") func takenPort() async throws {
        let first = try await TorBoxSimulator.start()
        var configuration = SimulatorConfiguration()
        configuration.port = first.port
        await #expect(throws: (any Error).self) { try await TorBoxSimulator.start(configuration) }
        await first.stop()
    }

    @Test("many accounts are served at once, each with its own rows") func manyAccounts() async throws {
        let configuration = SimulatorConfiguration(
            clock: .standing(), unknownKeys: AccountSettings(library: .generated(size: 20)))
        try await SimulatorProbe.run(configuration: configuration) { probe in
            let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let reply = try await probe.get(SimulatorEndpoint.torrentList.path, key: "user-\(number)")
                        #expect(reply.rows.count == 20)
                        return reply.text
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(bodies.count == 60)
            #expect(Set(probe.simulator.calls().map(\.sequence)) == Set(1...60))
        }
    }
}
