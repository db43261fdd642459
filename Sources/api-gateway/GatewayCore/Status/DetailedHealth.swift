import DomainModel
import ServiceSupport

/// `/api/health/detailed` out of what the workers and the gateway itself say. Pure. Source: REST contract, section 2.8.
struct DetailedHealth: Sendable, Equatable {
    enum Status: String, Sendable { case healthy, degraded, unhealthy }

    private(set) var status: Status
    private(set) var document: JSONValue

    /// - Parameters:
    ///   - shares: each worker's; nil for one that does not answer.
    ///   - own: the gateway's figures.
    init(
        shares: [JSONValue?], combination: StatusCombination, own: ProcessFigures, pid: Int32, version: String,
        uptime: Duration, now: Timestamp
    ) {
        let present = shares.compactMap(\.self)
        let (database, isDatabaseHealthy) = Self.database(present)
        let torBox = combination.pollingScheduler["torboxApi"] ?? .null
        let api = Self.api(present, torBox)
        let poolStatus = combination.connectionPool["status"]?.stringValue
        let figures = present.map(Self.figures).reduce(own, Self.sum)
        if present.isEmpty {
            status = .unhealthy
        } else if present.count < shares.count || !isDatabaseHealthy || api.status == "unhealthy"
            || poolStatus == "critical" || poolStatus == "emergency"
        {
            status = .degraded
        } else {
            status = .healthy
        }
        let seconds = uptime / .seconds(1)
        let isPolling = combination.pollingScheduler["isRunning"] == .bool(true)
        document = .object([
            "status": .string(status.rawValue), "timestamp": .string(now.iso8601), "version": .string(version),
            "uptime": .number((seconds * 1_000).rounded() / 1_000), "database": database, "api": api.document,
            "pollers": combination.pollingScheduler, "torboxApi": torBox, "memory": Self.memory(figures),
            "system": Self.system(figures, pid, seconds: Int(seconds)),
            "services": .object([
                "masterDatabase": Self.word(isDatabaseHealthy), "userDatabaseManager": Self.word(!present.isEmpty),
                "pollingScheduler": Self.word(isPolling),
            ]),
            "connectionPool": combination.connectionPool,
            "workers": .object([
                "total": .integer(Int64(shares.count)), "answering": .integer(Int64(present.count)),
            ]),
            "onlineUsers": .integer(present.reduce(0) { $0 + ($1["online"]?.integerValue ?? 0) }),
        ])
    }

    // MARK: Parts

    private static func database(_ shares: [JSONValue]) -> (JSONValue, Bool) {
        let parts = shares.compactMap { $0["database"] }
        let isHealthy = !parts.isEmpty && parts.allSatisfy { $0["isHealthy"] == .bool(true) }
        let slowest = parts.compactMap { $0["responseMilliseconds"]?.integerValue }.max()
        let bytes = parts.compactMap { $0["bytes"]?.integerValue }.max()
        var members: [String: JSONValue] = [
            "status": .string(isHealthy ? "healthy" : "unhealthy"),
            "responseTime": slowest.map { .string("\($0)ms") } ?? .null,
            "dbSize": bytes.map { .string(megabytes(Int($0))) } ?? .null,
        ]
        if !isHealthy {
            members["error"] =
                parts.compactMap { $0["error"]?.stringValue }.first.map(JSONValue.string)
                ?? .string("No worker answers")
        }
        return (.object(members), isHealthy)
    }

    /// The worst word of those who could tell; that nothing is configured counts only when all say so.
    private static func api(_ shares: [JSONValue], _ torBox: JSONValue) -> (document: JSONValue, status: String) {
        let order = ["unhealthy", "configured", "healthy", "not_configured"]
        let worst = shares.compactMap { $0["api"] }.min { left, right in
            rank(left["status"]?.stringValue, order) < rank(right["status"]?.stringValue, order)
        }
        let status = worst?["status"]?.stringValue ?? "error"
        let message = worst?["message"] ?? .string("No worker answers")
        return (.object(["status": .string(status), "message": message, "torboxApi": torBox]), status)
    }

    private static func rank(_ status: String?, _ order: [String]) -> Int {
        status.flatMap { order.firstIndex(of: $0) } ?? order.count
    }

    private static func figures(_ share: JSONValue) -> ProcessFigures {
        func number(_ name: String) -> Int { Int(share["process"]?[name]?.integerValue ?? 0) }
        return ProcessFigures(
            resident: number("resident"), data: number("data"), anonymous: number("anonymous"), files: number("files"),
            userMicroseconds: number("userMicroseconds"), systemMicroseconds: number("systemMicroseconds"))
    }

    private static func sum(_ left: ProcessFigures, _ right: ProcessFigures) -> ProcessFigures {
        ProcessFigures(
            resident: left.resident + right.resident, data: left.data + right.data,
            anonymous: left.anonymous + right.anonymous, files: left.files + right.files,
            userMicroseconds: left.userMicroseconds + right.userMicroseconds,
            systemMicroseconds: left.systemMicroseconds + right.systemMicroseconds)
    }

    /// Of all our processes together, in the names that the frontend knows from another runtime.
    private static func memory(_ figures: ProcessFigures) -> JSONValue {
        .object([
            "rss": .string(megabytes(figures.resident)), "heapTotal": .string(megabytes(figures.data)),
            "heapUsed": .string(megabytes(figures.anonymous)), "external": .string(megabytes(figures.files)),
            "arrayBuffers": .string(megabytes(0)),
        ])
    }

    private static func system(_ figures: ProcessFigures, _ pid: Int32, seconds: Int) -> JSONValue {
        #if arch(arm64)
            let architecture = "arm64"
        #else
            let architecture = "x64"
        #endif
        return .object([
            "nodeVersion": .string("swift"), "platform": .string("linux"), "arch": .string(architecture),
            "pid": .integer(Int64(pid)), "uptime": .string("\(seconds)s"), "uptimeFormatted": .string(spoken(seconds)),
            "cpuUsage": .object([
                "user": .integer(Int64(figures.userMicroseconds)),
                "system": .integer(Int64(figures.systemMicroseconds)),
            ]),
        ])
    }

    private static func word(_ isRunning: Bool) -> JSONValue { .string(isRunning ? "running" : "not running") }

    /// `"0.10 MB"`.
    static func megabytes(_ bytes: Int) -> String {
        let hundredths = Int((Double(bytes) / 1_048_576 * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) MB"
    }

    /// `"1d 2h 3m 4s"`, from the largest unit that is not 0.
    static func spoken(_ seconds: Int) -> String {
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        let shown = parts.drop { $0.0 == 0 && $0.1 != "s" }
        return shown.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }
}
