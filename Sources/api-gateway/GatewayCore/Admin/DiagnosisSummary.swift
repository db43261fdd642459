import DomainModel

/// One diagnosis out of those of all workers. Pure.
enum DiagnosisSummary {
    /// Kinds of which one is enough to need somebody at once: data is damaged.
    private static let critical = ["databaseIntegrityFailures", "duplicateAuthIds", "duplicateDbPaths"]

    static func combine(_ shares: [JSONValue], at now: Timestamp) -> [String: JSONValue] {
        let sum = Shares.sum(shares)
        let counts = sum["counts"] ?? .null
        let total = (counts.objectValue ?? [:]).values.reduce(0) { $0 + ($1.integerValue ?? 0) }
        return [
            "timestamp": .string(now.iso8601), "statistics": sum["statistics"] ?? .null,
            "issues": sum["issues"] ?? .null,
            "summary": .object([
                "totalIssues": .integer(total), "counts": counts, "status": .string(status(counts, total: total)),
            ]),
            "activeUsersBreakdown": sum["activeUsersBreakdown"] ?? .null,
        ]
    }

    private static func status(_ counts: JSONValue, total: Int64) -> String {
        if critical.contains(where: { counts.count($0) > 0 }) { return "critical" }
        return total > 0 ? "warning" : "healthy"
    }
}

/// One quota summary out of those of all workers. Pure.
enum QuotaSummary {
    static func combine(_ shares: [JSONValue]) -> JSONValue {
        let first = shares.first ?? .null
        let sum = Shares.sum(shares)
        // Limits are settings, the same everywhere; they must not be added up.
        return sum.with([
            "limits": first["limits"] ?? .null,
            "limit_storage_formatted": first["limit_storage_formatted"] ?? .null,
            "retained_storage_formatted": Shares.megabytes(sum.count("retained_bytes")),
        ])
    }
}
