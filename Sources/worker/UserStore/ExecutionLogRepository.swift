package import DomainModel
package import GRDB
import Storage

/// The log of rule runs. It outlives its rules.
package enum ExecutionLogRepository {
    /// The newest rows of one rule, newest first.
    package static func newest(_ db: Database, of rule: RuleID, limit: Int = 100) throws -> [ExecutionRow] {
        try Row.fetchAll(
            db,
            sql: "SELECT * FROM rule_execution_log WHERE rule_id = ? ORDER BY executed_at DESC, id DESC LIMIT ?",
            arguments: [rule.rawValue, limit]
        ).map(ExecutionRow.init(row:))
    }

    package static func get(_ db: Database, _ id: Int64) throws -> ExecutionRow? {
        try Row.fetchOne(db, sql: "SELECT * FROM rule_execution_log WHERE id = ?", arguments: [id])
            .map(ExecutionRow.init(row:))
    }

    package static func insert(_ db: Database, _ entry: NewExecution) throws -> Int64 {
        try db.executeCached(
            sql: """
                INSERT INTO rule_execution_log(rule_id, rule_name, execution_type, items_processed, success, error_message,
                    executed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                entry.rule.rawValue, entry.ruleName, entry.kind, entry.itemsProcessed, entry.isSuccess,
                entry.errorMessage, entry.at.sqliteText,
            ])
        return db.lastInsertedRowID
    }

    /// Says anew how a run went; its time stays. False when the row is gone.
    package static func rewrite(_ db: Database, _ id: Int64, _ entry: NewExecution) throws -> Bool {
        try db.executeCached(
            sql: "UPDATE rule_execution_log SET items_processed = ?, success = ?, error_message = ? WHERE id = ?",
            arguments: [entry.itemsProcessed, entry.isSuccess, entry.errorMessage, id])
        return db.changesCount == 1
    }

    /// Deletes all rows of one rule and returns how many; the journal's rows of single items stay.
    @discardableResult
    package static func clear(_ db: Database, of rule: RuleID) throws -> Int {
        try db.executeCached(sql: "DELETE FROM rule_execution_log WHERE rule_id = ?", arguments: [rule.rawValue])
        return db.changesCount
    }

    /// Deletes all but the user's newest rows and returns how many went.
    @discardableResult
    package static func prune(_ db: Database, keeping count: Int = 10_000) throws -> Int {
        try db.execute(
            sql: """
                DELETE FROM rule_execution_log
                WHERE id <= (SELECT id FROM rule_execution_log ORDER BY id DESC LIMIT 1 OFFSET ?)
                """, arguments: [count])
        return db.changesCount
    }
}

extension ExecutionRow {
    init(row: Row) {
        self.init(
            id: row["id"], rule: RuleID(row["rule_id"]), ruleName: row["rule_name"], kind: row["execution_type"],
            itemsProcessed: row["items_processed"] ?? 0, isSuccess: row.flag("success", default: true),
            errorMessage: row["error_message"],
            executedAt: row.storedTime("executed_at") ?? Timestamp(milliseconds: 0))
    }
}
