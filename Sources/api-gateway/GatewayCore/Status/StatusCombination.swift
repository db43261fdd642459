import DomainModel

/// One status out of the shares of all workers. Pure.
///
/// Counts are summed, moments are the latest, settings (the same everywhere) the largest, lists joined; rates and
/// percentages are computed anew. Whole user ids are cut to eight digits: the route is open.
struct StatusCombination: Sendable, Equatable {
    static let maximumPollers = 100

    /// Null until a worker has answered.
    private(set) var pollingScheduler = JSONValue.null
    private(set) var connectionPool = JSONValue.null

    init(_ shares: [JSONValue]) {
        pollingScheduler = Self.finished(Self.combined(shares.compactMap { $0["pollingScheduler"] }))
        connectionPool = Self.finished(Self.combined(shares.compactMap { $0["connectionPool"] }))
    }

    /// Settings, which are the same in every worker.
    private static let settings: Set<String> = [
        "pollCheckInterval", "refreshInterval", "minPollIntervalMs", "pollKickoutMs", "pollerCleanupIntervalHours",
        "inactiveUserDays", "minPauseMs", "recoveryIntervalMs",
    ]

    private static func combined(_ values: [JSONValue]) -> JSONValue {
        values.filter { !$0.isNull }.reduce(.null) { merge($0, $1, name: "") }
    }

    private static func merge(_ left: JSONValue, _ right: JSONValue, name: String) -> JSONValue {
        switch (left, right) {
        case (.null, let value), (let value, .null): return value
        case (.bool(let one), .bool(let other)): return .bool(one || other)
        case (.integer(let one), .integer(let other)):
            return .integer(settings.contains(name) ? max(one, other) : one.addingReportingOverflow(other).partialValue)
        case (.array(let one), .array(let other)): return .array(Array((one + other).prefix(maximumPollers)))
        case (.object(let one), .object(let other)) where name == "torboxApi":
            // The worker that has paused knows why.
            return .object(other["mode"] == .string("paused") ? other : one)
        case (.object(let one), .object(let other)):
            return .object(
                other.reduce(into: one) { result, member in
                    result[member.key] =
                        result[member.key].map { merge($0, member.value, name: member.key) } ?? member.value
                })
        case (.string(let one), .string(let other)): return .string(name.hasSuffix("At") ? max(one, other) : one)
        default:
            guard let one = left.doubleValue, let other = right.doubleValue else { return left }
            return .number(settings.contains(name) ? max(one, other) : one + other)
        }
    }

    /// With rates and percentages of the sums, and ids cut short.
    private static func finished(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var members):
            members = members.mapValues(finished)
            if case .array(let pollers) = members["pollers"] {
                members["pollers"] = .array(pollers.prefix(maximumPollers).map { $0 })
            }
            if let id = members["authId"]?.stringValue { members["authId"] = .string(String(id.prefix(8))) }
            recompute(&members)
            return .object(members)
        case .array(let elements): return .array(elements.map(finished))
        default: return value
        }
    }

    private static func recompute(_ members: inout [String: JSONValue]) {
        if members["successRate"] != nil {
            members["successRate"] = .string(percent(of: members["successfulPolls"], in: [members["totalPolls"]]))
        }
        if members["hitRate"] != nil {
            members["hitRate"] = .string(percent(of: members["hits"], in: [members["hits"], members["misses"]]))
        }
        if members["usagePercent"] != nil,
            // Idle files are closed when their room is needed; only what is in use is load.
            let used = (members["inUse"] ?? members["currentSize"] ?? members["size"])?.doubleValue,
            let maximum = members["maxSize"]?.doubleValue, maximum > 0
        {
            let share = used / maximum * 100
            members["usagePercent"] = .number((share * 100).rounded() / 100)
            if members["status"] != nil { members["status"] = .string(level(share)) }
        }
    }

    /// `"97.50%"`; of nothing `"0.00%"`.
    private static func percent(of part: JSONValue?, in whole: [JSONValue?]) -> String {
        let total = whole.reduce(0) { $0 + ($1?.doubleValue ?? 0) }
        let hundredths = total > 0 ? Int(((part?.doubleValue ?? 0) / total * 10_000).rounded()) : 0
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }

    /// Source: REST contract, section 1.2.
    private static func level(_ percent: Double) -> String {
        switch percent {
        case 95...: "emergency"
        case 90...: "critical"
        case 80...: "warning"
        default: "healthy"
        }
    }
}
