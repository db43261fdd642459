package import DomainModel
package import GRDB

/// The user's saved views.
package enum ViewRepository {
    /// In the user's order.
    package static func list(_ db: Database) throws -> [ViewRow] {
        try Row.fetchAll(db, sql: "SELECT * FROM custom_views ORDER BY sort_order, id").map(ViewRow.init(row:))
    }

    package static func get(_ db: Database, _ id: Int64) throws -> ViewRow? {
        try Row.fetchOne(db, sql: "SELECT * FROM custom_views WHERE id = ?", arguments: [id]).map(ViewRow.init(row:))
    }

    /// Adds a view behind all others.
    package static func insert(_ db: Database, _ content: ViewContent, at now: Timestamp) throws -> ViewRow {
        let last = try Int64.fetchOne(db, sql: "SELECT max(sort_order) FROM custom_views")
        let order = last.map { $0 + 1 } ?? 0
        try db.execute(
            sql: """
                INSERT INTO custom_views(name, filters, sort_field, sort_direction, visible_columns, asset_type,
                    search_query, sort_order, created_at, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
                """,
            arguments: [
                content.name, content.filters, content.sortField, content.sortDirection, content.visibleColumns,
                content.assetType, content.searchQuery, order, now.sqliteText,
            ])
        let seconds = Timestamp(storedText: now.sqliteText) ?? now
        return ViewRow(
            id: db.lastInsertedRowID, content: content, sortOrder: order, createdAt: seconds, updatedAt: seconds)
    }

    /// Changes a view; nil when there is none.
    package static func update(
        _ db: Database, _ id: Int64, at now: Timestamp, _ change: (inout ViewContent) -> Void
    ) throws -> ViewRow? {
        guard var row = try get(db, id) else { return nil }
        change(&row.content)
        let content = row.content
        try db.execute(
            sql: """
                UPDATE custom_views SET name = ?, filters = ?, sort_field = ?, sort_direction = ?, visible_columns = ?,
                    asset_type = ?, search_query = ?, updated_at = ? WHERE id = ?
                """,
            arguments: [
                content.name, content.filters, content.sortField, content.sortDirection, content.visibleColumns,
                content.assetType, content.searchQuery, now.sqliteText, id,
            ])
        row.updatedAt = Timestamp(storedText: now.sqliteText) ?? now
        return row
    }

    /// Puts the views into this order. False, and nothing changed, unless `ids` names each of them exactly once.
    package static func reorder(_ db: Database, _ ids: [Int64], at now: Timestamp) throws -> Bool {
        let stored = try Int64.fetchAll(db, sql: "SELECT id FROM custom_views ORDER BY id")
        guard ids.sorted() == stored else { return false }
        let statement = try db.cachedStatement(
            sql: "UPDATE custom_views SET sort_order = ?1, updated_at = ?2 WHERE id = ?3 AND sort_order IS NOT ?1")
        for (order, id) in ids.enumerated() { try statement.execute(arguments: [order, now.sqliteText, id]) }
        return true
    }

    /// False when there was none.
    package static func delete(_ db: Database, _ id: Int64) throws -> Bool {
        try db.execute(sql: "DELETE FROM custom_views WHERE id = ?", arguments: [id])
        return db.changesCount > 0
    }
}

extension ViewRow {
    fileprivate init(row: Row) {
        let created = row.storedTime("created_at") ?? Timestamp(milliseconds: 0)
        self.init(
            id: row["id"],
            content: ViewContent(
                name: row["name"], filters: row["filters"], sortField: row["sort_field"],
                sortDirection: row["sort_direction"], visibleColumns: row["visible_columns"],
                assetType: row["asset_type"], searchQuery: row["search_query"]),
            sortOrder: row["sort_order"], createdAt: created, updatedAt: row.storedTime("updated_at") ?? created)
    }
}
