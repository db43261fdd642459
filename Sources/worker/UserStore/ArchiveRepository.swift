import DomainModel
package import GRDB

/// The user's archived downloads.
package enum ArchiveRepository {
    /// What became of an insert.
    package enum InsertOutcome: Sendable, Equatable {
        case inserted(ArchivedRow)
        /// The number is archived already; this is the row.
        case duplicate(ArchivedRow)
    }

    /// One page, newest first, and the number of all rows that match.
    ///
    /// - Parameters:
    ///   - page: From 1.
    ///   - limit: Rows per page, at least 1.
    ///   - search: Part of the number, name, hash or tracker, ASCII letters in any case; nil or empty matches all.
    package static func page(
        _ db: Database, page: Int, limit: Int, search: String? = nil
    ) throws -> (rows: [ArchivedRow], total: Int) {
        let pattern = search.flatMap { $0.isEmpty ? nil : LikePattern.containing($0) }
        let filter =
            pattern == nil
            ? ""
            : #" WHERE torrent_id LIKE ?1 ESCAPE '\' OR name LIKE ?1 ESCAPE '\' OR hash LIKE ?1 ESCAPE '\' "#
                + #"OR tracker LIKE ?1 ESCAPE '\'"#
        let filterArguments = StatementArguments(pattern.map { [$0] } ?? [])
        let total = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM archived_downloads\(filter)", arguments: filterArguments)
        let skipped = max(page - 1, 0).multipliedReportingOverflow(by: limit)
        // A page so far out that its offset overflows is as empty as any page behind the last.
        guard !skipped.overflow else { return ([], total ?? 0) }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM archived_downloads\(filter) ORDER BY archived_at DESC, id DESC
                LIMIT \(limit) OFFSET \(skipped.partialValue)
                """, arguments: filterArguments)
        return (rows.map(ArchivedRow.init(row:)), total ?? 0)
    }

    package static func get(_ db: Database, _ id: Int64) throws -> ArchivedRow? {
        try Row.fetchOne(db, sql: "SELECT * FROM archived_downloads WHERE id = ?", arguments: [id])
            .map(ArchivedRow.init(row:))
    }

    /// The row of a download's number; nil when it is not archived.
    package static func find(_ db: Database, torrentID: String) throws -> ArchivedRow? {
        let statement = try db.cachedStatement(
            // The second spelling is how stock's runtime wrote some numbers.
            sql: "SELECT * FROM archived_downloads WHERE torrent_id IN (?1, ?1 || '.0') ORDER BY id DESC LIMIT 1")
        return try Row.fetchOne(statement, arguments: [torrentID]).map(ArchivedRow.init(row:))
    }

    /// Archives a download unless its number is archived already.
    package static func insert(_ db: Database, _ new: NewArchived) throws -> InsertOutcome {
        let torrentID = StoredText.id(new.torrentID)
        if let row = try find(db, torrentID: torrentID) { return .duplicate(row) }
        try db.cachedStatement(
            sql: """
                INSERT INTO archived_downloads(torrent_id, hash, tracker, name, archived_at, created_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?5)
                """
        ).execute(arguments: [torrentID, new.hash, new.tracker, new.name, new.at.sqliteText])
        let seconds = Timestamp(storedText: new.at.sqliteText) ?? new.at
        return .inserted(
            ArchivedRow(
                id: db.lastInsertedRowID, torrentID: torrentID, hash: new.hash, tracker: new.tracker, name: new.name,
                archivedAt: seconds, createdAt: seconds))
    }

    /// Archives a download; one that is archived already is left as it is. True when a row was written.
    @discardableResult
    package static func insertIfAbsent(_ db: Database, _ new: NewArchived) throws -> Bool {
        if case .inserted = try insert(db, new) { true } else { false }
    }

    /// Deletes rows by their own numbers and returns how many there were.
    @discardableResult
    package static func delete(_ db: Database, _ ids: [Int64]) throws -> Int {
        let statement = try db.cachedStatement(sql: "DELETE FROM archived_downloads WHERE id = ?")
        return try ids.reduce(0) { count, id in
            try statement.execute(arguments: [id])
            return count + db.changesCount
        }
    }
}

extension ArchivedRow {
    fileprivate init(row: Row) {
        let archived = row.storedTime("archived_at") ?? Timestamp(milliseconds: 0)
        self.init(
            id: row["id"], torrentID: StoredText.id(row["torrent_id"]), hash: row["hash"], tracker: row["tracker"],
            name: row["name"], archivedAt: archived, createdAt: row.storedTime("created_at") ?? archived)
    }
}
