import Testing

@testable import TorBoxSimulator

@Suite struct AccessTests {
    @Test("the up check needs no key") func upCheck() async throws {
        try await SimulatorProbe.run { probe in
            let reply = try await probe.get("/", key: nil)
            #expect(reply.status == 200)
            #expect(reply.success == true)
            #expect(reply.hasNullData)
        }
    }

    @Test("no key and an unknown key are told apart") func keys() async throws {
        try await SimulatorProbe.run { probe in
            #expect(try await probe.get(SimulatorEndpoint.torrentList.path, key: nil).error == "NO_AUTH")
            let unknown = try await probe.get(SimulatorEndpoint.torrentList.path, key: "other")
            #expect(unknown.status == 403)
            #expect(unknown.error == "BAD_TOKEN")
        }
    }

    @Test("a removed account's key is bad from then on") func removedAccount() async throws {
        try await SimulatorProbe.run { probe async throws in
            #expect(try await probe.list(.torrentList).status == 200)
            #expect(probe.simulator.removeAccount(SimulatorProbe.key))
            #expect(try await probe.list(.torrentList).error == "BAD_TOKEN")
        }
    }

    @Test("an unknown key gets a library of its own when that is asked for") func anyKey() async throws {
        var configuration = SimulatorConfiguration(clock: .standing(), rateLimits: .off)
        configuration.unknownKeys = AccountSettings(library: .generated(size: 7))
        try await SimulatorProbe.run(configuration: configuration) { probe in
            let first = try await probe.get(SimulatorEndpoint.torrentList.path, key: "one")
            let second = try await probe.get(SimulatorEndpoint.torrentList.path, key: "two")
            #expect(first.rows.count == 7)
            #expect(second.rows.count == 7)
            #expect(first.rows.map { $0.text("hash") } != second.rows.map { $0.text("hash") })
            #expect(try await probe.get(SimulatorEndpoint.torrentList.path, key: "one").text == first.text)
        }
    }

    @Test("wrong paths and methods are answered as TorBox does") func wrongCalls() async throws {
        try await SimulatorProbe.run { probe async throws in
            #expect(try await probe.get("/v1/api/torrents/nothing").error == "ENDPOINT_NOT_FOUND")
            #expect(try await probe.send("DELETE", "/v1/api/torrents/controltorrent/12").status == 404)
            #expect(try await probe.send("PUT", SimulatorEndpoint.torrentList.path).status == 405)
        }
    }
}
