import DomainModel
package import GRDB
import Storage

/// The uploads of a stock file, for finding and placing their files.
package enum StockUploads {
    package struct Row: Sendable, Equatable {
        package var id: Int64
        package var status: String
        /// As stored: relative to the storage root, or absolute somewhere.
        package var path: String
    }

    /// Rows that name a file which is still kept.
    package static func withFiles(_ db: Database) throws -> [Row] {
        try GRDB.Row.fetchAll(
            db, sql: "SELECT id, status, file_path, file_deleted FROM uploads WHERE file_path <> '' ORDER BY id"
        ).compactMap { row in
            let id: Int64 = row["id"]
            let row = StockRow(row)
            guard !row.flag("file_deleted", default: false), let path = row.text("file_path") else { return nil }
            return Row(id: id, status: row.text("status") ?? "", path: path)
        }
    }

    package static func setPath(_ db: Database, _ id: Int64, _ path: String) throws {
        try db.execute(sql: "UPDATE uploads SET file_path = ? WHERE id = ?", arguments: [path, id])
    }

    /// Uploads that wait or were being handed over.
    package static func queued(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM uploads WHERE status IN ('queued', 'processing')") ?? 0
    }

    package static func processing(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM uploads WHERE status = 'processing'") ?? 0
    }
}
