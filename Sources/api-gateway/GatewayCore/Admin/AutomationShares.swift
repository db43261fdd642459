import DomainModel

/// Rules, runs and failures over all workers. Pure.
struct AutomationShares: Sendable {
    let statistics: JSONValue
    let rules: JSONValue
    let executions: JSONValue
    let errors: JSONValue

    /// - Parameter limit: rows in each list at most; every worker gave its newest so many.
    init(_ shares: [JSONValue], limit: Int) {
        func merged(_ name: String, by column: String) -> JSONValue {
            .array(Shares.newest(shares.map { $0[name]?.arrayValue ?? [] }, by: column, limit: limit))
        }
        rules = merged("ruleRows", by: "created_at")
        executions = merged("executionRows", by: "executed_at")
        errors = merged("errorRows", by: "executed_at")
        let counts = Shares.sum(shares.map { .object((($0.objectValue) ?? [:]).filter { !$0.key.hasSuffix("Rows") }) })
        let runs = counts["executions"] ?? .null
        statistics = .object([
            "rules": counts["rules"] ?? .null,
            "executions_last_7_days": runs.with([
                "success_rate": .string(Shares.percent(runs.count("successful"), of: runs.count("total")))
            ]),
            "unreadable_databases": .integer(counts.count("unreadable")),
        ])
    }
}
