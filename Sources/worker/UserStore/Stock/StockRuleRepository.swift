package import DomainModel
package import GRDB
import Storage

/// What only the adoption of a stock file does with its rules. After our migrations.
package enum StockRuleRepository {
    /// How long each rule had to rest after it acted, in minutes; rules without are left out.
    package static func cooldowns(_ db: Database) throws -> [RuleID: Int64] {
        try Row.fetchAll(db, sql: "SELECT id, cooldown_minutes FROM automation_rules").reduce(into: [:]) {
            result, row in
            guard let minutes = StockRow(row).integer("cooldown_minutes"), minutes > 0 else { return }
            result[RuleID(row["id"])] = minutes
        }
    }

    /// When a version later than the first one began with this file; nil when that is not written down.
    package static func januaryEnded(_ db: Database) throws -> Timestamp? {
        guard try db.tableExists("schema_migrations") else { return nil }
        return try Row.fetchAll(db, sql: "SELECT version, applied_at FROM schema_migrations").compactMap { row in
            let row = StockRow(row)
            return (row.integer("version") ?? 0) > 5 ? row.time("applied_at") : nil
        }.min()
    }

    /// Puts a rule into our form without changing its revision: nothing was planned by it yet.
    package static func rewrite(_ db: Database, _ id: RuleID, trigger: String?, conditions: String?) throws {
        try db.execute(
            sql: """
                UPDATE automation_rules SET trigger_config = COALESCE(?, trigger_config),
                    conditions = COALESCE(?, conditions) WHERE id = ?
                """, arguments: [trigger, conditions, id.rawValue])
    }

    /// Rules keep their pace: one that stock evaluated lately is due when its interval has passed since.
    package static func takeOverEvaluations(_ db: Database, at now: Timestamp) throws {
        for rule in try RuleRepository.list(db) {
            guard let last = rule.lastEvaluatedAt, last <= now else { continue }
            try db.execute(
                sql: """
                    INSERT INTO tbx_rule(rule_id, revision, changed_ms, evaluated_ms, evaluated_revision)
                    VALUES (?, 1, ?, ?, 1)
                    """, arguments: [rule.id.rawValue, now.milliseconds, last.milliseconds])
        }
    }
}
