import Testing

@testable import TorBoxSimulator

@Suite struct CallLogTests {
    @Test("a call is kept with all that it said and what became of it") func record() async throws {
        try await SimulatorProbe.run { probe in
            let id = probe.simulator.add(.completed("t"), to: SimulatorProbe.key)
            let body = "{\"torrent_id\":\(id),\"operation\":\"delete\"}"
            _ = try await probe.list(.torrentList, "bypass_cache=true&limit=5")
            _ = try await probe.post(.torrentControl, body)
            let calls = probe.simulator.calls(account: SimulatorProbe.key)
            #expect(calls.map(\.sequence) == [1, 2])
            let list = try #require(calls.first)
            #expect(list.method == "GET")
            #expect(list.endpoint == .torrentList)
            #expect(list.query == "bypass_cache=true&limit=5")
            #expect(list.userAgent == "probe/1")
            #expect(list.simulatedMilliseconds == probe.simulator.clock.milliseconds)
            #expect(!list.appliedEffect)
            let control = try #require(calls.last)
            #expect(control.body == body)
            #expect(control.status == 200)
            #expect(control.appliedEffect)
            #expect(control.account == AccountIdentity(key: SimulatorProbe.key).shortID)
        }
    }

    @Test("the key is nowhere in the log") func noKeys() async throws {
        try await SimulatorProbe.run { probe in
            _ = try await probe.list(.torrentList)
            #expect(probe.simulator.calls().count == 1)
            #expect(!String(describing: probe.simulator.calls()).contains(SimulatorProbe.key))
        }
    }

    @Test("a bounded log keeps the newest calls and counts them all") func bound() throws {
        var log = CallLog(limit: 3)
        for number in 0..<10 { _ = log.append(.fixture(path: "/v1/api/user/me", query: "\(number)")) }
        #expect(log.calls(since: 0, accounts: nil, endpoint: nil).map(\.sequence) == [8, 9, 10])
        #expect(log.calls(since: 9, accounts: nil, endpoint: nil).map(\.query) == ["9"])
        #expect(log.calls(since: 10, accounts: nil, endpoint: nil).isEmpty)
        #expect(log.statistics.calls == 10)
        #expect(log.statistics.callsByEndpoint == ["user/me": 10])
        var counting = CallLog(limit: 0)
        _ = counting.append(.fixture(path: "/"))
        #expect(counting.calls(since: 0, accounts: nil, endpoint: nil).isEmpty)
        #expect(counting.statistics.calls == 1)
    }

    @Test("calls are found by account and endpoint") func filters() async throws {
        try await SimulatorProbe.run { probe in
            probe.simulator.addAccount("other")
            _ = try await probe.list(.torrentList)
            _ = try await probe.list(.usenetList)
            _ = try await probe.get(SimulatorEndpoint.usenetList.path, key: "other")
            #expect(probe.simulator.calls(endpoint: .usenetList).count == 2)
            #expect(probe.simulator.calls(account: "other").map(\.path) == [SimulatorEndpoint.usenetList.path])
            #expect(probe.simulator.calls(since: 2).count == 1)
            probe.simulator.removeAccount("other")
            #expect(probe.simulator.calls(account: "other").count == 1)
        }
    }
}

extension CallRecord {
    fileprivate static func fixture(path: String, query: String = "") -> CallRecord {
        CallRecord(
            sequence: 0, realMilliseconds: 0, simulatedMilliseconds: 0, account: nil, method: "GET", path: path,
            query: query, body: "", userAgent: nil, status: 200, faults: [], appliedEffect: false, violation: nil)
    }
}
