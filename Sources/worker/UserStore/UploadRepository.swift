package import DomainModel
package import GRDB

/// The user's upload queue: what REST asks of it. What the processor writes is in `UploadRepository+Processing`.
package enum UploadRepository {
    /// Which rows a list shows.
    package struct Filter: Sendable, Equatable {
        package var status: UploadRow.Status?
        package var asset: AssetType?
        /// Part of name, type, status or error, ASCII letters in any case; nil or empty matches all.
        package var search: String?

        package init(status: UploadRow.Status? = nil, asset: AssetType? = nil, search: String? = nil) {
            self.status = status
            self.asset = asset
            self.search = search
        }
    }

    /// What became of a wish to move a row.
    package enum MoveOutcome: Sendable, Equatable {
        case moved(UploadRow)
        case noSuchRow
        case notQueued
        /// The row is not where the caller thinks; this is where it is.
        case movedMeanwhile(Int64)
        /// There is no such place; the last one is this.
        case noSuchPlace(Int64)
    }

    package static func get(_ db: Database, _ id: Int64) throws -> UploadRow? {
        try UploadRow.list(db, "WHERE u.id = ?", [id]).first
    }

    /// The rows of these numbers that there are, in order of the numbers given.
    package static func get(_ db: Database, _ ids: [Int64]) throws -> [UploadRow] {
        try ids.compactMap { try get(db, $0) }
    }

    /// One page, and the number of all rows that match. Queued rows come in their order and before all others; those by
    /// their last activity, newest first.
    package static func page(
        _ db: Database, _ filter: Filter, page: Int, limit: Int
    ) throws -> (rows: [UploadRow], total: Int) {
        let (condition, arguments) = condition(filter)
        let total = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM uploads u \(condition)"), arguments: arguments)
        let skipped = max(page - 1, 0).multipliedReportingOverflow(by: limit)
        // A page so far out that its offset overflows is as empty as any page behind the last.
        guard !skipped.overflow else { return ([], total ?? 0) }
        let byActivity = "COALESCE(u.last_processed_at, u.created_at) DESC, u.id DESC"
        let byOrder = "u.queue_order, u.id"
        let order =
            switch filter.status {
            case .queued: byOrder
            case .some: byActivity
            case nil: "u.status <> 'queued', CASE WHEN u.status = 'queued' THEN u.queue_order END, \(byActivity)"
            }
        let rows = try UploadRow.list(
            db, "\(condition) ORDER BY \(order) LIMIT ? OFFSET ?", arguments + [limit, skipped.partialValue])
        return (rows, total ?? 0)
    }

    /// Rows by status; statuses without rows are left out.
    package static func statusCounts(_ db: Database, asset: AssetType? = nil) throws -> [UploadRow.Status: Int] {
        let (condition, arguments) = condition(Filter(asset: asset))
        let statement = try db.cachedStatement(
            sql: "SELECT u.status, count(*) FROM uploads u \(condition) GROUP BY u.status")
        return try Row.fetchAll(statement, arguments: arguments).reduce(into: [:]) { counts, row in
            if let status = UploadRow.Status(rawValue: row[0]) { counts[status] = row[1] }
        }
    }

    package static func queuedCount(_ db: Database) throws -> Int {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM uploads WHERE status IN ('queued', 'processing')")) ?? 0
    }

    /// Adds rows at the end of the queue and returns them as stored.
    package static func insert(_ db: Database, _ uploads: [NewUpload], at now: Timestamp) throws -> [UploadRow] {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO uploads(type, upload_type, file_path, url, name, status, seed, allow_zip, as_queued,
                    add_only_if_cached, password, file_size_bytes, queue_order, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        var place = try lastPlace(db)
        return try uploads.compactMap { upload in
            place += 1
            try statement.execute(arguments: [
                upload.asset.rawValue, upload.source.rawValue, upload.filePath, upload.url, upload.name, upload.seed,
                upload.allowsZip, upload.asQueued, upload.onlyIfCached, upload.password, upload.fileSize, place,
                now.sqliteText, now.sqliteText,
            ])
            return try get(db, db.lastInsertedRowID)
        }
    }

    /// Moves a queued row; those between its old and its new place close up.
    package static func move(
        _ db: Database, _ id: Int64, from old: Int64, to new: Int64, at now: Timestamp
    ) throws -> MoveOutcome {
        guard let row = try get(db, id) else { return .noSuchRow }
        guard row.status == .queued else { return .notQueued }
        guard row.queueOrder == old else { return .movedMeanwhile(row.queueOrder) }
        let last = try lastPlace(db)
        guard (0...last).contains(new) else { return .noSuchPlace(last) }
        let shift =
            new > old
            ? "queue_order = queue_order - 1 WHERE status = 'queued' AND queue_order > ?1 AND queue_order <= ?2"
            : "queue_order = queue_order + 1 WHERE status = 'queued' AND queue_order < ?1 AND queue_order >= ?2"
        try db.execute(sql: "UPDATE uploads SET \(shift)", arguments: [old, new])
        try db.execute(
            sql: "UPDATE uploads SET queue_order = ?, updated_at = ? WHERE id = ?",
            arguments: [new, now.sqliteText, id])
        return try get(db, id).map(MoveOutcome.moved) ?? .noSuchRow
    }

    /// Deletes rows and returns them as they were; their attempts stay, as the budget's record.
    package static func delete(_ db: Database, _ ids: [Int64]) throws -> [UploadRow] {
        let rows = try get(db, ids)
        let statement = try db.cachedStatement(sql: "DELETE FROM uploads WHERE id = ?")
        for row in rows { try statement.execute(arguments: [row.id]) }
        return rows
    }

    /// Puts failed rows back to the end of the queue, as new. Others are passed over.
    package static func requeue(_ db: Database, _ ids: [Int64], at now: Timestamp) throws {
        var place = try lastPlace(db)
        let statement = try db.cachedStatement(
            sql: """
                UPDATE uploads SET status = 'queued', error_message = NULL, retry_count = 0, next_attempt_at = NULL,
                    completed_at = NULL, queue_order = ?, updated_at = ? WHERE id = ? AND status = 'failed'
                """)
        for id in ids {
            place += 1
            try statement.execute(arguments: [place, now.sqliteText, id])
        }
    }

    private static func lastPlace(_ db: Database) throws -> Int64 {
        let sql = "SELECT max(queue_order) FROM uploads WHERE status = 'queued'"
        return try Int64.fetchOne(db.cachedStatement(sql: sql)) ?? 0
    }

    private static func condition(_ filter: Filter) -> (sql: String, arguments: StatementArguments) {
        // Rows that nothing of ours can read are not counted either.
        var terms = ["u.type IN ('torrent', 'usenet', 'webdl')", "u.upload_type IN ('file', 'magnet', 'link')"]
        var arguments = StatementArguments()
        if let status = filter.status {
            terms.append("u.status = ?")
            arguments += [status.rawValue]
        }
        if let asset = filter.asset {
            terms.append("u.type = ?")
            arguments += [asset.rawValue]
        }
        if let search = filter.search, !search.isEmpty {
            let columns = ["u.name", "u.type", "u.status", "u.error_message"]
            terms.append("(" + columns.map { #"\#($0) LIKE ? ESCAPE '\'"# }.joined(separator: " OR ") + ")")
            let pattern = "%" + search.map { #"%_\"#.contains($0) ? #"\\#($0)"# : String($0) }.joined() + "%"
            for _ in columns { arguments += [pattern] }
        }
        return ("WHERE " + terms.joined(separator: " AND "), arguments)
    }
}
