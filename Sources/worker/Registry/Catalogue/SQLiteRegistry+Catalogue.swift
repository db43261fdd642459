package import DomainModel
import GRDB
import Storage

extension SQLiteRegistry {
    package func page(_ query: CatalogueQuery) async throws -> (entries: [CatalogueEntry], total: Int) {
        let (condition, arguments) = Self.condition(of: query)
        let direction = query.isAscending ? "ASC" : "DESC"
        let sql = """
            \(Self.catalogueColumns) \(Self.catalogueTables) \(condition)
            ORDER BY \(Self.column(of: query.sort)) \(direction), r.auth_id \(direction) LIMIT ? OFFSET ?
            """
        let total = "SELECT count(*) \(Self.catalogueTables) \(condition)"
        let (entries, count): ([CatalogueEntry], Int) = try await read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: sql),
                arguments: StatementArguments(arguments + [.init(value: query.limit), .init(value: query.offset)]))
            let count = try Int.fetchOne(db.cachedStatement(sql: total), arguments: StatementArguments(arguments))
            return (rows.compactMap { CatalogueEntry(positional: $0) }, count ?? 0)
        }
        return (entries, count)
    }

    package func entry(of user: UserID) async throws -> CatalogueEntry? {
        let sql = "\(Self.catalogueColumns) \(Self.catalogueTables) WHERE r.auth_id = ?"
        return try await read { db in
            try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [user.hex])
                .flatMap { CatalogueEntry(positional: $0) }
        }
    }

    package func entries(in slots: ClosedRange<Slot>) async throws -> [CatalogueEntry] {
        let sql = "\(Self.catalogueColumns) \(Self.catalogueTables) WHERE \(Self.inSlots) ORDER BY r.auth_id"
        return try await read { db in
            let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: Self.bounds(slots))
            var entries: [CatalogueEntry] = []
            while let row = try rows.next() {
                if let entry = CatalogueEntry(positional: row) { entries.append(entry) }
            }
            return entries
        }
    }

    package func strayKeys(in slots: ClosedRange<Slot>) async throws -> [StrayKey] {
        let sql = """
            SELECT r.auth_id, r.key_name, r.is_active, r.created_at FROM api_keys r
            WHERE \(Self.inSlots) AND NOT EXISTS (SELECT 1 FROM user_registry u WHERE u.auth_id = r.auth_id)
            ORDER BY r.auth_id
            """
        return try await read { db in
            try Row.fetchAll(db, sql: sql, arguments: Self.bounds(slots)).map { row in
                let flag: Int64? = row[2]
                return StrayKey(
                    id: row[0], name: row[1], isActive: flag != 0,
                    createdAt: (row[3] as String?).flatMap { Timestamp(storedText: $0) })
            }
        }
    }

    package func setUploadTier(_ user: UserID, _ tier: String, now: Timestamp) async throws -> Bool {
        try await write { db in
            try db.execute(
                sql: "UPDATE user_registry SET upload_tier = ?, updated_at = ? WHERE auth_id = ?",
                arguments: [tier, now.sqliteText, user.hex])
            return db.changesCount > 0
        }
    }

    package func figures() async throws -> RegistryFigures {
        try await read { db in
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
            let tables = try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM sqlite_schema
                    WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name
                    """)
            let counts = try tables.map { table in
                let quoted = table.replacing("\"", with: "\"\"")
                return (table, try Int64.fetchOne(db, sql: "SELECT count(*) FROM \"\(quoted)\"") ?? 0)
            }
            return RegistryFigures(bytes: pages * size, tableCounts: Dictionary(uniqueKeysWithValues: counts))
        }
    }

    // MARK: SQL

    private static let catalogueColumns = """
        SELECT r.auth_id, r.db_path, r.status, r.has_active_rules, r.non_terminal_torrent_count, t.next_due_ms,
            r.created_at, r.updated_at, r.last_seen_at, r.prev_last_seen_at, r.upload_tier,
            r.upload_retained_file_count, r.upload_retained_storage_bytes, k.key_name, k.auth_id IS NOT NULL,
            k.is_active, k.created_at
        """

    private static let catalogueTables = """
        FROM user_registry r LEFT JOIN api_keys k ON k.auth_id = r.auth_id LEFT JOIN tbx_user t ON t.auth_id = r.auth_id
        """

    /// The only texts from the query that become part of the statement.
    private static func column(of sort: CatalogueQuery.Sort) -> String {
        switch sort {
        case .keyName: "k.key_name"
        default: "r.\(sort.rawValue)"
        }
    }

    private static func condition(of query: CatalogueQuery) -> (sql: String, arguments: [DatabaseValue]) {
        var terms: [String] = []
        var arguments: [DatabaseValue] = []
        if let ids = query.ids {
            terms.append("r.auth_id IN (SELECT value FROM json_each(?))")
            arguments.append("[\(ids.map { "\"\($0.hex)\"" }.joined(separator: ","))]".databaseValue)
        }
        if let status = query.status {
            terms.append("COALESCE(r.status, 'active') = ?")
            arguments.append(status.databaseValue)
        }
        if let search = query.search {
            terms.append("(instr(r.auth_id, lower(?)) > 0 OR instr(lower(k.key_name), lower(?)) > 0)")
            arguments += [search.databaseValue, search.databaseValue]
        }
        if let seen = query.lastSeen {
            let (sql, times) = condition(of: seen)
            terms.append(sql)
            arguments += times
        }
        return (terms.isEmpty ? "" : "WHERE " + terms.joined(separator: " AND "), arguments)
    }

    private static func condition(of seen: CatalogueQuery.LastSeen) -> (sql: String, arguments: [DatabaseValue]) {
        var terms = ["r.last_seen_at IS NOT NULL"]
        var arguments: [DatabaseValue] = []
        if let from = seen.from {
            terms.append("r.last_seen_at >= ?")
            arguments.append(from.sqliteText.databaseValue)
        }
        if let before = seen.before {
            terms.append("r.last_seen_at < ?")
            arguments.append(before.sqliteText.databaseValue)
        }
        let known = terms.joined(separator: " AND ")
        return (seen.includesNever ? "(r.last_seen_at IS NULL OR \(known))" : "(\(known))", arguments)
    }
}

extension DatabaseValue {
    fileprivate init(value: Int) { self = value.databaseValue }
}

extension CatalogueEntry {
    /// From the columns in the order of `SQLiteRegistry.catalogueColumns`. Nil for an id that is none of ours.
    fileprivate init?(positional row: Row) {
        guard let id = UserID(row[0] as String) else { return nil }
        func time(_ index: Int) -> Timestamp? { (row[index] as String?).flatMap { Timestamp(storedText: $0) } }
        let hasKey: Bool = row[14]
        let keyFlag: Int64? = row[15]
        let status: String? = row[2]
        let ruleFlag: Int64? = row[3]
        self.init(
            id: id, databasePath: row[1], status: status ?? "active", hasActiveRules: (ruleFlag ?? 0) != 0,
            unfinishedDownloads: row[4] ?? 0, nextDue: (row[5] as Int64?).map { Timestamp(milliseconds: $0) },
            createdAt: time(6), updatedAt: time(7), lastSeen: time(8), previousLastSeen: time(9),
            uploadTier: row[10], retainedFiles: row[11] ?? 0, retainedBytes: row[12] ?? 0, keyName: row[13],
            isKeyActive: hasKey ? keyFlag != 0 : nil, keyCreatedAt: time(16))
    }
}
