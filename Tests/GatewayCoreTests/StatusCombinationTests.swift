import DomainModel
import Foundation
import Testing

@testable import GatewayCore

@Suite struct StatusCombinationTests {
    private func share(_ scheduler: String, pool: String = "null") throws -> JSONValue {
        let text = #"{"pollingScheduler":\#(scheduler),"connectionPool":\#(pool)}"#
        return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    @Test("no share at all is null twice")
    func nothing() {
        #expect(StatusCombination([]).pollingScheduler == .null)
        #expect(StatusCombination([]).connectionPool == .null)
    }

    @Test("counts are summed, settings kept, moments the latest, and the rate computed anew")
    func metrics() throws {
        let one = try share(
            """
            {"isRunning":false,"metrics":{"totalPolls":30,"successfulPolls":30,"lastPollAt":"2026-01-02T00:00:00.000Z",
            "successRate":"100.00%"},"configuration":{"refreshInterval":60000}}
            """)
        let other = try share(
            """
            {"isRunning":true,"metrics":{"totalPolls":10,"successfulPolls":9,"lastPollAt":null,
            "successRate":"90.00%"},"configuration":{"refreshInterval":60000}}
            """)
        let scheduler = StatusCombination([one, other]).pollingScheduler
        #expect(scheduler["isRunning"] == .bool(true))
        #expect(scheduler["metrics"]?["totalPolls"] == .integer(40))
        #expect(scheduler["metrics"]?["successRate"] == .string("97.50%"))
        #expect(scheduler["metrics"]?["lastPollAt"] == .string("2026-01-02T00:00:00.000Z"))
        #expect(scheduler["configuration"]?["refreshInterval"] == .integer(60_000))
    }

    @Test("a rate of nothing is zero, not a division by zero")
    func emptyRate() throws {
        let scheduler = StatusCombination([
            try share(#"{"metrics":{"totalPolls":0,"successfulPolls":0,"successRate":"0.00%"}}"#)
        ]).pollingScheduler
        #expect(scheduler["metrics"]?["successRate"] == .string("0.00%"))
    }

    @Test("at most a hundred pollers are listed, their ids cut to eight digits, all of them counted")
    func pollers() throws {
        let poller = #"{"authId":"\#(String(repeating: "ab", count: 32))","isPolling":false}"#
        let list = Array(repeating: poller, count: 70).joined(separator: ",")
        let one = try share(#"{"activePollers":70,"pollers":[\#(list)]}"#)
        let scheduler = StatusCombination([one, one]).pollingScheduler
        #expect(scheduler["activePollers"] == .integer(140))
        #expect(scheduler["pollers"]?.arrayValue?.count == 100)
        #expect(scheduler["pollers"]?.arrayValue?.last?["authId"] == .string("abababab"))
    }

    @Test("the outage of one worker is shown whole")
    func outage() throws {
        let active = try share(#"{"torboxApi":{"mode":"active","strikes":1,"pauseReason":null}}"#)
        let paused = try share(#"{"torboxApi":{"mode":"paused","strikes":3,"pauseReason":"5xx"}}"#)
        for shares in [[active, paused], [paused, active]] {
            let outage = StatusCombination(shares).pollingScheduler["torboxApi"]
            #expect(outage?["mode"] == .string("paused"))
            #expect(outage?["strikes"] == .integer(3))
        }
    }

    @Test("the pool's percentage and level come from the sums")
    func pool() throws {
        let full =
            #"{"currentSize":98,"maxSize":100,"usagePercent":98,"status":"emergency","metrics":{"hits":3,"misses":1,"hitRate":"75.00%"}}"#
        let empty =
            #"{"currentSize":0,"maxSize":100,"usagePercent":0,"status":"healthy","metrics":{"hits":0,"misses":0,"hitRate":"0.00%"}}"#
        let pool = StatusCombination([try share("null", pool: full), try share("null", pool: empty)]).connectionPool
        #expect(pool["usagePercent"]?.doubleValue == 49)
        #expect(pool["status"] == .string("healthy"))
        #expect(pool["metrics"]?["hitRate"] == .string("75.00%"))
    }
}
