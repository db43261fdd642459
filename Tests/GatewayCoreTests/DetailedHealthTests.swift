import DomainModel
import ServiceSupport
import Testing

@testable import GatewayCore

@Suite struct DetailedHealthTests {
    private func share(
        api: String = "healthy", isHealthy: Bool = true, milliseconds: Int64 = 1, resident: Int64 = 1_048_576
    ) -> JSONValue {
        .object([
            "database": .object([
                "isHealthy": .bool(isHealthy), "error": isHealthy ? .null : .string("The registry cannot be read"),
                "responseMilliseconds": .integer(milliseconds), "bytes": .integer(104_858),
            ]),
            "api": .object(["status": .string(api), "message": .string("says \(api)")]), "online": .integer(2),
            "process": .object(["resident": .integer(resident), "userMicroseconds": .integer(5)]),
        ])
    }

    private func health(_ shares: [JSONValue?], pool: String = "null") throws -> DetailedHealth {
        let status = try JSONValue(
            parsing: #"{"pollingScheduler":{"isRunning":true,"torboxApi":{"mode":"active"}},"connectionPool":\#(pool)}"#
        )
        return DetailedHealth(
            shares: shares, combination: StatusCombination([status]),
            own: ProcessFigures(resident: 2_097_152, userMicroseconds: 1), pid: 7, version: "1",
            uptime: .milliseconds(62_500), now: Timestamp(milliseconds: 0))
    }

    @Test("figures are summed, the slowest registry counts, and sizes and times are spelled as the frontend shows them")
    func sums() throws {
        let health = try self.health([share(), share(milliseconds: 9)])
        #expect(health.status == .healthy)
        let document = health.document
        #expect(document["status"] == .string("healthy"))
        #expect(document["memory"]?["rss"] == .string("4.00 MB"))
        #expect(document["database"]?["responseTime"] == .string("9ms"))
        #expect(document["database"]?["dbSize"] == .string("0.10 MB"))
        #expect(document["database"]?["error"] == nil)
        #expect(document["system"]?["cpuUsage"]?["user"] == .integer(11))
        #expect(document["system"]?["uptime"] == .string("62s"))
        #expect(document["system"]?["uptimeFormatted"] == .string("1m 2s"))
        #expect(document["uptime"] == .number(62.5))
        #expect(document["onlineUsers"] == .integer(4))
    }

    @Test("one silent worker, an unreadable registry, TorBox away or a full pool degrade")
    func degraded() throws {
        #expect(try health([share(), nil]).status == .degraded)
        let unreadable = try health([share(), share(isHealthy: false)])
        #expect(unreadable.status == .degraded)
        #expect(unreadable.document["database"]?["error"] == .string("The registry cannot be read"))
        let away = try health([share(), share(api: "unhealthy")])
        #expect(away.status == .degraded)
        #expect(away.document["api"]?["message"] == .string("says unhealthy"))
        let full = #"{"inUse":95,"maxSize":100,"usagePercent":0,"status":"healthy"}"#
        #expect(try health([share()], pool: full).status == .degraded)
        #expect(try health([share(api: "configured"), share()]).status == .healthy)
    }

    @Test("without any worker it is unhealthy", arguments: [[], [nil, nil]] as [[JSONValue?]])
    func unhealthy(shares: [JSONValue?]) throws {
        let health = try self.health(shares)
        #expect(health.status == .unhealthy)
        #expect(health.document["database"]?["status"] == .string("unhealthy"))
        #expect(health.document["api"]?["status"] == .string("error"))
    }

    @Test(
        "durations begin with their largest unit",
        arguments: [(0, "0s"), (59, "59s"), (3_600, "1h 0m 0s"), (90_061, "1d 1h 1m 1s")])
    func spoken(seconds: Int, text: String) { #expect(DetailedHealth.spoken(seconds) == text) }
}
