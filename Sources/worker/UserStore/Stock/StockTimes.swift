import DomainModel
import GRDB

/// Columns whose times are compared as texts, which several spellings would put into a wrong order within a day.
enum StockTimes {
    private static let columns = [
        ("rule_execution_log", "executed_at"), ("archived_downloads", "archived_at"), ("link_history", "generated_at"),
        ("automation_rules", "created_at"), ("automation_rules", "last_executed_at"),
        ("automation_rules", "last_evaluated_at"), ("uploads", "created_at"), ("upload_attempts", "attempted_at"),
    ]

    private static let digits = "[0-9][0-9]"
    private static let usual =
        "\(digits)\(digits)-\(digits)-\(digits) \(digits):\(digits):\(digits)"

    /// Brings them to `YYYY-MM-DD HH:MM:SS` in UTC, which is what no zone means; what cannot be read stays and is counted.
    static func mend(_ db: Database, _ repairs: inout StockRepairs) throws {
        for (table, column) in columns where try db.tableExists(table) {
            let odd = try DatabaseValue.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT \(column) FROM \(table)
                    WHERE \(column) IS NOT NULL AND \(column) <> '' AND \(column) NOT GLOB '\(usual)'
                    """)
            for value in odd {
                guard let moment = String.fromDatabaseValue(value).flatMap({ Timestamp(storedText: $0) }) else {
                    let count = try Int.fetchOne(
                        db, sql: "SELECT count(*) FROM \(table) WHERE \(column) = ?", arguments: [value])
                    repairs.unreadableTimes["\(table).\(column)", default: 0] += count ?? 0
                    continue
                }
                try db.execute(
                    sql: "UPDATE \(table) SET \(column) = ? WHERE \(column) = ?", arguments: [moment.sqliteText, value])
                repairs.respelledTimes += db.changesCount
            }
        }
    }
}
