import DomainModel
import GRDB

extension UploadRow {
    /// The columns that ``init(row:)`` reads.
    static let select = """
        SELECT u.*,
            (SELECT a.is_cached FROM upload_attempts a WHERE a.upload_id = u.id AND a.success = 1
                ORDER BY a.id DESC LIMIT 1) AS was_cached,
            (SELECT max(a.attempted_at) FROM upload_attempts a WHERE a.upload_id = u.id
                AND a.error_code IN \(UploadAttempt.unsettledCodes)) AS unsettled_at
        FROM uploads u
        """

    /// Nil for a kind or status that nothing of ours knows.
    init?(row: Row) {
        guard let asset = AssetType(rawValue: row["type"]), let source = Source(rawValue: row["upload_type"]),
            let status = Status(rawValue: row["status"])
        else { return nil }
        let created = row.storedTime("created_at") ?? Timestamp(milliseconds: 0)
        let cached: Int64? = row["was_cached"]
        self.init(
            id: row["id"], asset: asset, source: source, filePath: row["file_path"], url: row["url"],
            name: row["name"], status: status, errorMessage: row["error_message"], retryCount: row["retry_count"] ?? 0,
            seed: row["seed"], allowsZip: row.flag("allow_zip", default: true),
            asQueued: row.flag("as_queued", default: false),
            onlyIfCached: row.flag("add_only_if_cached", default: false), password: row["password"],
            queueOrder: row["queue_order"], torboxHash: row["torbox_hash"], torboxID: row["torbox_torrent_id"],
            torboxAuthID: row["torbox_auth_id"], lastProcessedAt: row.storedTime("last_processed_at"),
            completedAt: row.storedTime("completed_at"), createdAt: created,
            updatedAt: row.storedTime("updated_at") ?? created, nextAttemptAt: row.storedTime("next_attempt_at"),
            isFileDeleted: row.flag("file_deleted", default: false), fileSize: row["file_size_bytes"],
            wasCached: cached.map { $0 != 0 }, unsettledSince: row.storedTime("unsettled_at"))
    }

    static func list(_ db: Database, _ rest: String, _ arguments: StatementArguments = []) throws -> [UploadRow] {
        let statement = try db.cachedStatement(sql: "\(select) \(rest)")
        return try Row.fetchAll(statement, arguments: arguments).compactMap(UploadRow.init(row:))
    }
}
