package import DomainModel
package import GRDB

/// Runs of a time, counted.
package struct ExecutionTotals: Sendable, Equatable {
    package var total: Int64 = 0
    package var successful: Int64 = 0
    package var itemsProcessed: Int64 = 0

    package var failed: Int64 { total - successful }

    package init() {}

    package mutating func add(_ other: ExecutionTotals) {
        total += other.total
        successful += other.successful
        itemsProcessed += other.itemsProcessed
    }
}

extension ExecutionLogRepository {
    /// The newest rows of all rules, newest first.
    ///
    /// - Parameter isSuccess: Only those that went well, or only the others.
    package static func newest(_ db: Database, limit: Int, isSuccess: Bool? = nil) throws -> [ExecutionRow] {
        let condition = isSuccess.map { $0 ? "WHERE COALESCE(success, 1) <> 0" : "WHERE success = 0" } ?? ""
        return try Row.fetchAll(
            db,
            // By id, which needs no sorting of a log of thousands: rows are written as they happen.
            sql: "SELECT * FROM rule_execution_log \(condition) ORDER BY id DESC LIMIT ?", arguments: [limit]
        ).map(ExecutionRow.init(row:))
    }

    /// Runs since a moment, all rules together.
    package static func totals(_ db: Database, since: Timestamp) throws -> ExecutionTotals {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*), COALESCE(sum(COALESCE(success, 1) <> 0), 0), COALESCE(sum(items_processed), 0)
                FROM rule_execution_log WHERE executed_at >= ?
                """, arguments: [since.sqliteText])
        var totals = ExecutionTotals()
        guard let row else { return totals }
        (totals.total, totals.successful, totals.itemsProcessed) = (row[0], row[1], row[2])
        return totals
    }
}
