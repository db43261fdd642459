package import DomainModel
package import GRDB

/// The links that were made for the user. Stock's times mix two spellings; the order is by text, as the contract has it.
package enum LinkHistoryRepository {
    /// What became of many links at once.
    package struct BulkOutcome: Sendable, Equatable {
        /// Earlier links for the same files.
        package var deleted = 0
        package var inserted = 0
    }

    /// One page, newest first, and the number of all rows that match.
    ///
    /// - Parameters:
    ///   - page: From 1.
    ///   - search: Part of the item's number, the names or the address; nil or empty matches all.
    package static func page(
        _ db: Database, page: Int, limit: Int, search: String? = nil
    ) throws -> (rows: [LinkRow], total: Int) {
        let filter = Filter(search: search)
        let total = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM link_history WHERE \(filter.condition)", arguments: filter.arguments)
        let skipped = max(page - 1, 0).multipliedReportingOverflow(by: limit)
        // A page so far out that its offset overflows is as empty as any page behind the last.
        guard !skipped.overflow else { return ([], total ?? 0) }
        return (try rows(db, filter, "LIMIT \(limit) OFFSET \(skipped.partialValue)"), total ?? 0)
    }

    /// The rows behind a place, newest first.
    package static func rows(
        _ db: Database, after cursor: LinkCursor?, limit: Int, search: String? = nil
    ) throws -> [LinkRow] {
        var filter = Filter(search: search)
        if let cursor { filter.add(behind: cursor) }
        return try rows(db, filter, "LIMIT \(limit)")
    }

    /// Remembers a link in place of earlier ones for the same file.
    ///
    /// - Parameter generatedAt: Nil is now.
    package static func insert(
        _ db: Database, _ link: NewLink, generatedAt: String? = nil, at now: Timestamp
    ) throws -> LinkRow {
        try replace(db, link)
        let generated = generatedAt ?? now.sqliteText
        try write(db, link, generated, now)
        return LinkRow(
            id: db.lastInsertedRowID, link: link, generatedAt: generated,
            createdAt: Timestamp(storedText: now.sqliteText))
    }

    /// Remembers many, each as ``insert(_:_:generatedAt:at:)`` does.
    package static func insert(
        _ db: Database, _ links: [(link: NewLink, generatedAt: String)], at now: Timestamp
    ) throws -> BulkOutcome {
        var outcome = BulkOutcome()
        for (link, generated) in links {
            outcome.deleted += try replace(db, link)
            try write(db, link, generated, now)
            outcome.inserted += 1
        }
        return outcome
    }

    /// Deletes rows by their own numbers and returns how many there were.
    @discardableResult
    package static func delete(_ db: Database, _ ids: [Int64]) throws -> Int {
        let statement = try db.cachedStatement(sql: "DELETE FROM link_history WHERE id = ?")
        return try ids.reduce(0) { count, id in
            try statement.execute(arguments: [id])
            return count + db.changesCount
        }
    }

    // MARK: Parts

    private struct Filter {
        var condition = "1"
        var arguments = StatementArguments()

        init(search: String?) {
            guard let search, !search.isEmpty else { return }
            condition =
                #"(item_id LIKE ?1 ESCAPE '\' OR item_name LIKE ?1 ESCAPE '\' OR file_name LIKE ?1 ESCAPE '\' "#
                + #"OR url LIKE ?1 ESCAPE '\')"#
            arguments = [LikePattern.containing(search)]
        }

        mutating func add(behind cursor: LinkCursor) {
            guard let time = cursor.generatedAt else {
                condition += " AND generated_at IS NULL AND id < ?"
                arguments += [cursor.id]
                return
            }
            // Rows without a time come last.
            condition += " AND (generated_at < ? OR (generated_at = ? AND id < ?) OR generated_at IS NULL)"
            arguments += [time, time, cursor.id]
        }
    }

    private static func rows(_ db: Database, _ filter: Filter, _ extent: String) throws -> [LinkRow] {
        try Row.fetchAll(
            db,
            sql: "SELECT * FROM link_history WHERE \(filter.condition) ORDER BY generated_at DESC, id DESC \(extent)",
            arguments: filter.arguments
        ).map(LinkRow.init(row:))
    }

    @discardableResult
    private static func replace(_ db: Database, _ link: NewLink) throws -> Int {
        try db.cachedStatement(
            // The second spellings are how stock's runtime wrote some numbers.
            sql: """
                DELETE FROM link_history
                WHERE item_id IN (?1, ?1 || '.0') AND (file_id IS ?2 OR file_id = ?2 || '.0') AND asset_type = ?3
                """
        ).execute(arguments: [link.itemID, link.fileID, link.assetType])
        return db.changesCount
    }

    private static func write(_ db: Database, _ link: NewLink, _ generatedAt: String, _ now: Timestamp) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO link_history(item_id, file_id, url, asset_type, item_name, file_name, generated_at, created_at,
                    status)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            link.itemID, link.fileID, link.url, link.assetType, link.itemName, link.fileName, generatedAt,
            now.sqliteText, link.status.rawValue,
        ])
    }
}

extension LinkRow {
    fileprivate init(row: Row) {
        let file: String? = row["file_id"]
        self.init(
            id: row["id"],
            link: NewLink(
                itemID: StoredText.id(row["item_id"]), fileID: file.map(StoredText.id), url: row["url"],
                assetType: row["asset_type"], itemName: row["item_name"], fileName: row["file_name"],
                status: NewLink.Status(rawValue: row["status"]) ?? .success),
            generatedAt: row["generated_at"], createdAt: row.storedTime("created_at"))
    }
}
