package import DomainModel
package import GRDB

/// The journal of creates: stock's `upload_attempts`.
package enum UploadAttemptRepository {
    /// Attempts older than this say nothing about budget or pauses any more. Source: stock.
    package static let keptDays: Int64 = 7

    /// The newest attempts of one kind since `start`, newest first, at most `limit`.
    package static func recent(
        _ db: Database, _ asset: AssetType, since start: Timestamp, limit: Int = 1_000
    ) throws -> [UploadAttempt] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, upload_id, success, error_code, status_code, is_cached, attempted_at, error_message
                FROM upload_attempts WHERE type = ? AND attempted_at > ? ORDER BY id DESC LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: [asset.rawValue, start.sqliteText, limit])
            .compactMap(UploadAttempt.init(row:))
    }

    /// Writes one down and returns its number.
    @discardableResult
    package static func record(
        _ db: Database, upload: Int64, _ asset: AssetType, _ outcome: UploadAttempt.Outcome, status: Int? = nil,
        retryAt: Timestamp? = nil, detail: String? = nil, at now: Timestamp
    ) throws -> Int64 {
        try db.cachedStatement(
            sql: """
                INSERT INTO upload_attempts(upload_id, type, status_code, success, error_code, error_message, attempted_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            upload, asset.rawValue, status, outcome == .success, outcome.code, text(retryAt, detail), now.sqliteText,
        ])
        return db.lastInsertedRowID
    }

    /// Completes an attempt that was recorded as pending.
    package static func finish(
        _ db: Database, _ id: Int64, _ outcome: UploadAttempt.Outcome, status: Int? = nil, wasCached: Bool = false,
        retryAt: Timestamp? = nil, detail: String? = nil
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE upload_attempts SET success = ?, error_code = ?, status_code = ?, is_cached = ?, error_message = ?
                WHERE id = ?
                """
        ).execute(arguments: [outcome == .success, outcome.code, status, wasCached, text(retryAt, detail), id])
    }

    /// Says what became of every open call of an upload: it was carried out.
    package static func settleAsDone(_ db: Database, upload: Int64) throws {
        try db.cachedStatement(
            sql: "UPDATE upload_attempts SET error_code = NULL, success = 1 WHERE \(openCallsOfUpload)"
        ).execute(arguments: [upload])
    }

    /// Says what became of every open call of an upload: it was not carried out.
    package static func settleAsNotDone(_ db: Database, upload: Int64) throws {
        try db.cachedStatement(
            sql: """
                UPDATE upload_attempts SET error_code = CASE error_code WHEN 'DOUBTFUL' THEN 'TRANSIENT' ELSE 'NOT_CREATED' END
                WHERE \(openCallsOfUpload)
                """
        ).execute(arguments: [upload])
    }

    /// Gives up on finding out what became of the open calls of an upload.
    package static func settleAsUnprovable(_ db: Database, upload: Int64) throws {
        try db.cachedStatement(
            sql: "UPDATE upload_attempts SET error_code = 'UNPROVABLE' WHERE \(openCallsOfUpload)"
        ).execute(arguments: [upload])
    }

    private static let openCallsOfUpload =
        "upload_id = ? AND error_code IN \(UploadAttempt.unsettledCodes)"

    package static func prune(_ db: Database, at now: Timestamp) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM upload_attempts WHERE attempted_at < ?
                    AND COALESCE(error_code, '') NOT IN \(UploadAttempt.unsettledCodes)
                """
        ).execute(arguments: [now.advanced(bySeconds: -keptDays * 86_400).sqliteText])
    }

    private static let retryMark = "retry at "

    /// The one text column holds both: `retry at 2026-08-20 10:00:00: 60 per 1 hour`.
    private static func text(_ retryAt: Timestamp?, _ detail: String?) -> String? {
        guard let retryAt else { return detail }
        return retryMark + retryAt.sqliteText + (detail.map { ": \($0)" } ?? "")
    }

    fileprivate static func retryTime(in text: String?) -> Timestamp? {
        guard let text, text.hasPrefix(retryMark) else { return nil }
        return Timestamp(storedText: text.dropFirst(retryMark.count).prefix(19))
    }
}

extension UploadAttempt {
    fileprivate init?(row: Row) {
        guard let at = row.storedTime("attempted_at") else { return nil }
        let code: String? = row["error_code"]
        let isSuccess = row.flag("success", default: false)
        self.init(
            id: row["id"], upload: row["upload_id"],
            // Stock may have written a failure without a code.
            outcome: isSuccess ? .success : Outcome(code: code ?? "UNKNOWN"), status: row["status_code"],
            wasCached: row.flag("is_cached", default: false), at: at,
            retryAt: UploadAttemptRepository.retryTime(in: row["error_message"]))
    }
}
