import DomainModel
import Registry
import UserStore

/// The newest rules, runs and failures of many users, and how many there are. Pure; holds at most twice `limit` of each.
struct AutomationOverview {
    private struct Row<Content> {
        var content: Content
        var user: RegisteredUser
    }

    private let limit: Int
    private var rules: [Row<RuleRow>] = []
    private var executions: [Row<ExecutionRow>] = []
    private var errors: [Row<ExecutionRow>] = []
    private(set) var ruleCount: Int64 = 0
    private(set) var enabledCount: Int64 = 0
    private(set) var totals = ExecutionTotals()

    init(limit: Int) { self.limit = limit }

    mutating func add(_ rows: [RuleRow], of user: RegisteredUser) {
        ruleCount += Int64(rows.count)
        enabledCount += Int64(rows.count(where: \.isEnabled))
        rules += rows.map { Row(content: $0, user: user) }
        Self.cut(&rules, to: limit) { $0.content.createdAt }
    }

    mutating func add(
        executions newest: [ExecutionRow], errors failed: [ExecutionRow], _ totals: ExecutionTotals,
        of user: RegisteredUser
    ) {
        self.totals.add(totals)
        executions += newest.map { Row(content: $0, user: user) }
        errors += failed.map { Row(content: $0, user: user) }
        Self.cut(&executions, to: limit) { $0.content.executedAt }
        Self.cut(&errors, to: limit) { $0.content.executedAt }
    }

    func write(to json: inout JSONWriter) {
        json.member(
            "rules",
            object: {
                $0.member("total", ruleCount)
                $0.member("enabled", enabledCount)
                $0.member("disabled", ruleCount - enabledCount)
            })
        json.member(
            "executions",
            object: {
                $0.member("total", totals.total)
                $0.member("successful", totals.successful)
                $0.member("failed", totals.failed)
                $0.member("total_items_processed", totals.itemsProcessed)
            })
        json.member("ruleRows", array: { list in newest(rules, \.createdAt).forEach { Self.write($0, to: &list) } })
        json.member(
            "executionRows", array: { list in newest(executions, \.executedAt).forEach { Self.write($0, to: &list) } })
        json.member("errorRows", array: { list in newest(errors, \.executedAt).forEach { Self.write($0, to: &list) } })
    }

    private func newest<Content>(_ rows: [Row<Content>], _ time: (Content) -> Timestamp) -> [Row<Content>] {
        Array(rows.sorted { time($0.content) > time($1.content) }.prefix(limit))
    }

    private static func cut<Content>(_ rows: inout [Row<Content>], to limit: Int, by time: (Row<Content>) -> Timestamp)
    {
        guard rows.count > limit * 2 else { return }
        rows.sort { time($0) > time($1) }
        rows.removeLast(rows.count - limit)
    }

    private static func write(_ row: Row<RuleRow>, to json: inout JSONWriter) {
        json.object {
            $0.member("id", row.content.id.rawValue)
            $0.member("name", row.content.name)
            $0.member("enabled", row.content.isEnabled ? 1 : 0)
            $0.member("execution_count", row.content.executionCount)
            $0.member("last_executed_at", row.content.lastExecutedAt?.sqliteText)
            $0.member("created_at", row.content.createdAt.sqliteText)
            $0.member("auth_id", row.user.id.hex)
            $0.member("key_name", row.user.keyName)
        }
    }

    private static func write(_ row: Row<ExecutionRow>, to json: inout JSONWriter) {
        json.object {
            AutomationForm.write(row.content, to: &$0)
            $0.member("auth_id", row.user.id.hex)
            $0.member("key_name", row.user.keyName)
        }
    }
}

/// Rules and runs as administrators see them: the raw columns, JSON parsed.
enum AutomationForm {
    static func write(_ row: RuleRow, to json: inout JSONWriter) {
        json.object {
            $0.member("id", row.id.rawValue)
            $0.member("name", row.name)
            $0.member("enabled", row.isEnabled ? 1 : 0)
            $0.member("asset_types", raw: readable(row.assetTypes))
            $0.member("trigger_config", raw: readable(row.trigger))
            $0.member("conditions", raw: readable(row.conditions))
            $0.member("action_config", raw: readable(row.action))
            $0.member("metadata", raw: row.metadata.flatMap(readable))
            $0.member("execution_count", row.executionCount)
            $0.member("last_executed_at", row.lastExecutedAt?.sqliteText)
            $0.member("last_evaluated_at", row.lastEvaluatedAt?.sqliteText)
            $0.member("created_at", row.createdAt.sqliteText)
            $0.member("updated_at", row.updatedAt.sqliteText)
            $0.member("attention", row.attention)
            $0.member("disabled_reason", row.disabledReason)
        }
    }

    /// The members only.
    static func write(_ row: ExecutionRow, to json: inout JSONWriter) {
        json.member("id", row.id)
        json.member("rule_id", row.rule.rawValue)
        json.member("rule_name", row.ruleName)
        json.member("execution_type", row.kind)
        json.member("items_processed", row.itemsProcessed)
        json.member("success", row.isSuccess ? 1 : 0)
        json.member("error_message", row.errorMessage)
        json.member("executed_at", row.executedAt.sqliteText)
    }

    private static func readable(_ column: String) -> String? { JSONColumn.isReadable(column) ? column : nil }
}
