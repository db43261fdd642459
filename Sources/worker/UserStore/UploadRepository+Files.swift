package import DomainModel
package import GRDB

extension UploadRepository {
    /// Files kept for uploads, in number and bytes.
    package static func retained(_ db: Database) throws -> (files: Int, bytes: Int64) {
        let sql = """
            SELECT count(*), COALESCE(sum(file_size_bytes), 0) FROM uploads
            WHERE file_path IS NOT NULL AND COALESCE(file_deleted, 0) = 0
            """
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql)) else { return (0, 0) }
        return (row[0], row[1])
    }

    /// Rows whose files are needed no more, those that ended first in front: completed ones, then failed ones.
    package static func evictable(_ db: Database, limit: Int) throws -> [UploadRow] {
        try UploadRow.list(
            db,
            """
            WHERE u.status IN ('completed', 'failed') AND u.file_path IS NOT NULL AND COALESCE(u.file_deleted, 0) = 0
            ORDER BY u.status = 'failed', COALESCE(u.completed_at, u.last_processed_at, u.created_at), u.id LIMIT ?
            """, [limit])
    }

    package static func markFileDeleted(_ db: Database, _ ids: [Int64], at now: Timestamp) throws {
        let statement = try db.cachedStatement(sql: "UPDATE uploads SET file_deleted = 1, updated_at = ? WHERE id = ?")
        for id in ids { try statement.execute(arguments: [now.sqliteText, id]) }
    }

    /// Of these paths, the ones that some row names.
    package static func referenced(_ db: Database, among paths: [String]) throws -> Set<String> {
        // By equality alone it would be a scan for each path; one scan for all is cheaper.
        let known = try String.fetchSet(db, sql: "SELECT file_path FROM uploads WHERE file_path IS NOT NULL")
        return Set(paths).intersection(known)
    }

    /// Whether an upload that is still to be handed over needs the file.
    package static func isAwaited(_ db: Database, file path: String) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM uploads WHERE status IN ('queued', 'processing') AND file_path = ?)"
        return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [path]) ?? false
    }
}
