package import DomainModel
package import GRDB

/// What a create left at TorBox.
package struct UploadResult: Sendable, Equatable {
    package var hash: String?
    package var id: Int64?
    package var authID: String?

    package init(hash: String? = nil, id: Int64? = nil, authID: String? = nil) {
        self.hash = hash
        self.id = id
        self.authID = authID
    }
}

extension UploadRepository {
    /// Queued rows of one kind that may be tried now, in order.
    package static func ready(
        _ db: Database, _ asset: AssetType, at now: Timestamp, limit: Int
    ) throws -> [UploadRow] {
        try UploadRow.list(
            db,
            """
            WHERE u.status = 'queued' AND u.type = ? AND u.upload_type IN ('file', 'magnet', 'link')
                AND \(isDue) ORDER BY u.queue_order, u.id LIMIT ?
            """, [asset.rawValue, now.sqliteText, limit])
    }

    /// When the first of the queued rows that must wait may be tried; nil when none waits.
    package static func nextAttempt(_ db: Database, _ asset: AssetType, after now: Timestamp) throws -> Timestamp? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT min(next_attempt_at) AS next FROM uploads
                WHERE status = 'queued' AND type = ? AND NOT \(isDue)
                """)
        return try Row.fetchOne(statement, arguments: [asset.rawValue, now.sqliteText])?.storedTime("next")
    }

    /// Queued rows by kind, and those of them that wait for their own time.
    package static func waiting(
        _ db: Database, at now: Timestamp
    ) throws -> [AssetType: (queued: Int, deferred: Int, next: Timestamp?)] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT type, count(*) AS queued, sum(NOT \(isDue)) AS deferred,
                    min(CASE WHEN NOT \(isDue) THEN next_attempt_at END) AS next
                FROM uploads u WHERE status = 'queued' GROUP BY type
                """)
        let time = now.sqliteText
        return try Row.fetchAll(statement, arguments: [time, time]).reduce(into: [:]) { waiting, row in
            guard let asset = AssetType(rawValue: row["type"]) else { return }
            waiting[asset] = (row["queued"], row["deferred"], row.storedTime("next"))
        }
    }

    /// The download numbers that uploads of a kind are known to have become.
    package static func claimedIDs(_ db: Database, _ asset: AssetType) throws -> Set<Int64> {
        try Int64.fetchSet(
            db.cachedStatement(
                sql: "SELECT torbox_torrent_id FROM uploads WHERE type = ? AND torbox_torrent_id IS NOT NULL"),
            arguments: [asset.rawValue])
    }

    /// Takes up what a process that ended left in `processing`: completed when a create is on record as done, else queued
    /// again with its create marked as of unknown fate, so that it is looked up before anything is sent.
    package static func takeUpInterrupted(
        _ db: Database, message: String, at now: Timestamp
    ) throws -> [UploadRow] {
        let rows = try UploadRow.list(db, "WHERE u.status = 'processing'")
        for row in rows {
            if row.wasCached != nil {
                try complete(db, row.id, UploadResult(), at: now)
                continue
            }
            if row.unsettledSince == nil {
                try UploadAttemptRepository.record(
                    db, upload: row.id, row.asset, .lost, at: row.lastProcessedAt ?? row.updatedAt)
            }
            try postpone(db, row.id, until: nil, message: message, at: now)
        }
        return rows
    }

    /// Commits that a create is about to be sent. Nil: the row is not queued any more, so nothing may be sent.
    package static func begin(_ db: Database, _ row: UploadRow, at now: Timestamp) throws -> Int64? {
        try db.cachedStatement(
            sql: """
                UPDATE uploads SET status = 'processing', error_message = NULL, next_attempt_at = NULL,
                    last_processed_at = ?1, updated_at = ?1 WHERE id = ?2 AND status = 'queued'
                """
        ).execute(arguments: [now.sqliteText, row.id])
        guard db.changesCount > 0 else { return nil }
        return try UploadAttemptRepository.record(db, upload: row.id, row.asset, .pending, at: now)
    }

    /// The download is at TorBox. What is known of it already is kept where `result` says nothing.
    package static func complete(_ db: Database, _ id: Int64, _ result: UploadResult, at now: Timestamp) throws {
        try db.cachedStatement(
            sql: """
                UPDATE uploads SET status = 'completed', error_message = NULL, next_attempt_at = NULL,
                    torbox_hash = COALESCE(?1, torbox_hash), torbox_torrent_id = COALESCE(?2, torbox_torrent_id),
                    torbox_auth_id = COALESCE(?3, torbox_auth_id), last_processed_at = ?4, completed_at = ?4,
                    updated_at = ?4
                WHERE id = ?5
                """
        ).execute(arguments: [result.hash, result.id, result.authID, now.sqliteText, id])
    }

    package static func fail(_ db: Database, _ id: Int64, message: String, at now: Timestamp) throws {
        try db.cachedStatement(
            sql: """
                UPDATE uploads SET status = 'failed', error_message = ?1, next_attempt_at = NULL, last_processed_at = ?2,
                    updated_at = ?2 WHERE id = ?3
                """
        ).execute(arguments: [message, now.sqliteText, id])
    }

    /// Back into the queue at its old place, not to be tried before `time` (nil: at once).
    package static func postpone(
        _ db: Database, _ id: Int64, until time: Timestamp?, message: String?, countsAsRetry: Bool = false,
        at now: Timestamp
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE uploads SET status = 'queued', error_message = ?1, next_attempt_at = ?2,
                    retry_count = COALESCE(retry_count, 0) + ?3, updated_at = ?4
                WHERE id = ?5 AND status IN ('queued', 'processing')
                """
        ).execute(arguments: [message, time?.sqliteText, countsAsRetry ? 1 : 0, now.sqliteText, id])
    }

    /// Stock wrote several spellings for: at once. A `0` is a number in this column.
    private static let isDue = """
        (typeof(next_attempt_at) <> 'text' OR next_attempt_at IN ('', '0', '0000-00-00 00:00:00')
            OR replace(substr(next_attempt_at, 1, 19), 'T', ' ') <= ?)
        """
}
