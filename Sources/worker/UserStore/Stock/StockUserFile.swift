package import GRDB
import Storage

/// A user's file of the stock backend, as a copy that nobody else uses: brought to where our own migrations begin.
///
/// To be called in one transaction with foreign keys off: the first version did not enforce them.
package enum StockUserFile {
    /// Every table of stock's, in the order of its migrations.
    package static let tables = [
        "automation_rules", "rule_execution_log", "torrent_shadow", "torrent_telemetry", "speed_history",
        "archived_downloads", "custom_views", "tags", "download_tags", "uploads", "upload_attempts", "link_history",
        "protected_downloads", "stremio_addons", "tmdb_credentials",
    ]

    /// Refuses files of our own and of versions that nobody here knows.
    package static func check(_ db: Database) throws {
        guard try !db.tableExists("tbx_migration") else {
            throw StorageError(
                .newerSchema, "the file is one of this service already", hint: "restore it as a backup, or import it")
        }
        let version = try StockVersion.newest(db)
        guard version <= StockLevel.newestVersion else { throw StockVersion.unknown(version, in: "the file") }
        if let problem = try DatabaseIntegrity.problems(in: db, isThorough: true).first {
            throw StorageError(.corrupt, "the file is damaged: \(problem)", hint: "adopt from a backup of it")
        }
    }

    /// Rows by table, of the tables that the file has.
    package static func rowCounts(_ db: Database) throws -> [String: Int] {
        try tables.reduce(into: [:]) { counts, table in
            guard try db.tableExists(table) else { return }
            counts[table] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)")
        }
    }

    /// Adds the columns that later versions added, with what those filled in, and puts right what would stand in the way.
    package static func raise(_ db: Database) throws -> StockRepairs {
        for column in StockColumn.additions where try db.tableExists(column.table) && !hasColumn(db, column) {
            try db.execute(sql: "ALTER TABLE \(column.table) ADD COLUMN \(column.name) \(column.definition)")
            if let filling = column.filling { try db.execute(sql: filling) }
        }
        if try db.tableExists("automation_rules") {
            try db.execute(sql: #"UPDATE automation_rules SET asset_types = '["torrent"]' WHERE asset_types = ''"#)
        }
        // Our migrations make it again, and before that two spellings of one number must be able to meet.
        try db.execute(sql: "DROP INDEX IF EXISTS idx_archived_downloads_unique_torrent")
        var repairs = StockRepairs()
        try StockIDs.mend(db, &repairs)
        try removeDuplicateArchives(db, &repairs)
        try removeOrphans(db, &repairs)
        try StockTimes.mend(db, &repairs)
        return repairs
    }

    /// The old waiting time of rules, which later versions set to 0, is a part of their trigger by now.
    package static func clearCooldowns(_ db: Database) throws {
        try db.execute(sql: "UPDATE automation_rules SET cooldown_minutes = 0 WHERE cooldown_minutes <> 0")
    }

    private static func hasColumn(_ db: Database, _ column: StockColumn) throws -> Bool {
        try db.columns(in: column.table).contains { $0.name == column.name }
    }

    /// The newest row of each download stays.
    private static func removeDuplicateArchives(_ db: Database, _ repairs: inout StockRepairs) throws {
        guard try db.tableExists("archived_downloads") else { return }
        repairs.differingArchives = try String.fetchAll(
            db,
            sql: """
                SELECT torrent_id FROM archived_downloads GROUP BY torrent_id HAVING count(DISTINCT lower(hash)) > 1
                ORDER BY torrent_id
                """)
        try remove(
            db, "archived_downloads",
            """
            id NOT IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY torrent_id
                ORDER BY replace(substr(archived_at, 1, 19), 'T', ' ') DESC, id DESC) AS place
                FROM archived_downloads) WHERE place = 1)
            """, &repairs)
    }

    private static func removeOrphans(_ db: Database, _ repairs: inout StockRepairs) throws {
        for (child, key, parent, parentKey) in [
            ("torrent_telemetry", "torrent_id", "torrent_shadow", "torrent_id"),
            ("speed_history", "torrent_id", "torrent_shadow", "torrent_id"), ("download_tags", "tag_id", "tags", "id"),
        ] where try db.tableExists(child) && db.tableExists(parent) {
            try remove(db, child, "\(key) NOT IN (SELECT \(parentKey) FROM \(parent))", &repairs)
        }
        guard try db.tableExists("rule_execution_log") && db.tableExists("automation_rules") else { return }
        repairs.logOfGoneRules =
            try Int.fetchOne(
                db,
                sql:
                    "SELECT count(*) FROM rule_execution_log WHERE rule_id NOT IN (SELECT id FROM automation_rules)")
            ?? 0
    }

    static func remove(
        _ db: Database, _ table: String, _ condition: String, _ repairs: inout StockRepairs
    ) throws {
        try db.execute(sql: "DELETE FROM \(table) WHERE \(condition)")
        if db.changesCount > 0 { repairs.removed[table, default: 0] += db.changesCount }
    }
}
