package import DomainModel
package import GRDB

/// The tags themselves. Names are unique ignoring ASCII case, which stock checks in code and not in the table.
package enum TagCatalogue {
    /// What became of a new name.
    package enum NamingOutcome: Sendable, Equatable {
        case named(TagRow)
        /// Another tag has that name.
        case taken
        case noSuchTag
    }

    private static let select = """
        SELECT t.id, t.name, t.created_at, t.updated_at,
            (SELECT count(*) FROM download_tags d WHERE d.tag_id = t.id) AS usage_count
        FROM tags t
        """

    /// All, by name in binary order.
    package static func list(_ db: Database) throws -> [TagRow] {
        try Row.fetchAll(db, sql: "\(select) ORDER BY t.name").map(TagRow.init(row:))
    }

    package static func get(_ db: Database, _ id: Int64) throws -> TagRow? {
        try Row.fetchOne(db, sql: "\(select) WHERE t.id = ?", arguments: [id]).map(TagRow.init(row:))
    }

    package static func create(_ db: Database, name: String, at now: Timestamp) throws -> NamingOutcome {
        guard try !isTaken(db, name, except: nil) else { return .taken }
        try db.execute(
            sql: "INSERT INTO tags(name, created_at, updated_at) VALUES (?1, ?2, ?2)",
            arguments: [name, now.sqliteText])
        return try get(db, db.lastInsertedRowID).map(NamingOutcome.named) ?? .noSuchTag
    }

    package static func rename(_ db: Database, _ id: Int64, to name: String, at now: Timestamp) throws -> NamingOutcome
    {
        guard try get(db, id) != nil else { return .noSuchTag }
        guard try !isTaken(db, name, except: id) else { return .taken }
        try db.execute(
            sql: "UPDATE tags SET name = ?, updated_at = ? WHERE id = ?", arguments: [name, now.sqliteText, id])
        return try get(db, id).map(NamingOutcome.named) ?? .noSuchTag
    }

    /// Deletes a tag and takes it off everything. False when there was none.
    package static func delete(_ db: Database, _ id: Int64) throws -> Bool {
        try db.execute(sql: "DELETE FROM tags WHERE id = ?", arguments: [id])
        return db.changesCount > 0
    }

    private static func isTaken(_ db: Database, _ name: String, except id: Int64?) throws -> Bool {
        try Int.fetchOne(
            db, sql: "SELECT 1 FROM tags WHERE name = ? COLLATE NOCASE AND id IS NOT ? LIMIT 1", arguments: [name, id])
            != nil
    }
}

extension TagRow {
    fileprivate init(row: Row) {
        let created = row.storedTime("created_at") ?? Timestamp(milliseconds: 0)
        self.init(
            id: row["id"], name: row["name"], createdAt: created, updatedAt: row.storedTime("updated_at") ?? created,
            usageCount: row["usage_count"] ?? 0)
    }
}
