package import DomainModel

extension PostgresRegistry {
    package func page(_ query: CatalogueQuery) async throws -> (entries: [CatalogueEntry], total: Int) {
        let condition = Condition(query)
        let direction = query.isAscending ? "ASC NULLS FIRST" : "DESC NULLS LAST"
        let places = (condition.arguments.count + 1, condition.arguments.count + 2)
        let sql = """
            \(Self.catalogueColumns) \(Self.catalogueTables) \(condition.sql)
            ORDER BY \(Self.column(of: query.sort)) \(direction), r.auth_id \(direction) LIMIT $\(places.0) OFFSET $\(places.1)
            """
        let total = "SELECT count(*) \(Self.catalogueTables) \(condition.sql)"
        let (entries, count): ([CatalogueEntry], Int) = try await pool.run("read the users", limit: Self.longCallLimit)
        {
            session in
            try session.transaction {
                try session.takeTime()
                let rows = try session.query(sql, condition.arguments + [String(query.limit), String(query.offset)])
                let count = try session.query(total, condition.arguments).integer(0, 0) ?? 0
                return ((0..<rows.count).compactMap { CatalogueEntry(rows, $0) }, Int(count))
            }
        }
        return (entries, count)
    }

    package func entry(of user: UserID) async throws -> CatalogueEntry? {
        try await pool.run("read user \(user.short)") { session in
            let rows = try session.query(
                "\(Self.catalogueColumns) \(Self.catalogueTables) WHERE r.auth_id = $1", [user.hex])
            return rows.count > 0 ? CatalogueEntry(rows, 0) : nil
        }
    }

    package func entries(in slots: ClosedRange<Slot>) async throws -> [CatalogueEntry] {
        try await pool.run("read the users", limit: Self.longCallLimit) { session in
            try session.transaction {
                try session.takeTime()
                let rows = try session.query(
                    "\(Self.catalogueColumns) \(Self.catalogueTables) WHERE \(Self.inSlots) ORDER BY r.auth_id",
                    Self.bounds(slots))
                return (0..<rows.count).compactMap { CatalogueEntry(rows, $0) }
            }
        }
    }

    /// None: here every key has its user, because the foreign key says so.
    package func strayKeys(in slots: ClosedRange<Slot>) async throws -> [StrayKey] { [] }

    package func setUploadTier(_ user: UserID, _ tier: String, now: Timestamp) async throws -> Bool {
        try await pool.run("write the upload tier of user \(user.short)", for: user) { session in
            let rows = try session.query(
                "UPDATE user_registry SET upload_tier = $1, updated_at = to_timestamp($2::bigint / 1000) WHERE auth_id = $3",
                [tier, PostgresText.time(now), user.hex])
            return rows.changed > 0
        }
    }

    package func figures() async throws -> RegistryFigures {
        try await pool.run("measure the registry", limit: Self.longCallLimit) { session in
            try session.transaction {
                try session.takeTime()
                let tables = try session.query(
                    """
                    SELECT tablename, pg_total_relation_size(format('%I.%I', schemaname, tablename))
                    FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename
                    """)
                var figures = RegistryFigures(bytes: 0, tableCounts: [:])
                for row in 0..<tables.count {
                    guard let name = tables.text(row, 0) else { continue }
                    figures.bytes += tables.integer(row, 1) ?? 0
                    let quoted = name.replacing("\"", with: "\"\"")
                    figures.tableCounts[name] =
                        try session.query("SELECT count(*) FROM \"\(quoted)\"").integer(0, 0) ?? 0
                }
                return figures
            }
        }
    }

    // MARK: SQL

    private static let catalogueColumns = """
        SELECT r.auth_id, r.db_path, r.status, r.has_active_rules, r.non_terminal_torrent_count, t.next_due_ms,
            extract(epoch FROM r.created_at)::bigint * 1000, extract(epoch FROM r.updated_at)::bigint * 1000,
            extract(epoch FROM r.last_seen_at)::bigint * 1000, extract(epoch FROM r.prev_last_seen_at)::bigint * 1000,
            r.upload_tier, r.upload_retained_file_count, r.upload_retained_storage_bytes, k.key_name, k.is_active,
            extract(epoch FROM k.created_at)::bigint * 1000
        """

    private static let catalogueTables = """
        FROM user_registry r LEFT JOIN api_keys k ON k.auth_id = r.auth_id LEFT JOIN tbx_user t ON t.auth_id = r.auth_id
        """

    /// The only texts from the query that become part of the statement. Texts are compared byte by byte, as SQLite does.
    private static func column(of sort: CatalogueQuery.Sort) -> String {
        switch sort {
        case .keyName: "k.key_name COLLATE \"C\""
        case .status, .uploadTier: "r.\(sort.rawValue) COLLATE \"C\""
        default: "r.\(sort.rawValue)"
        }
    }
}

/// The part of a statement that says which users are wanted.
private struct Condition {
    var sql = ""
    var arguments: [String?] = []

    init(_ query: CatalogueQuery) {
        var terms: [String] = []
        if let ids = query.ids { terms.append("r.auth_id = ANY(\(place(PostgresText.array(ids.map(\.hex))))::text[])") }
        if let status = query.status { terms.append("r.status = \(place(status))") }
        if let search = query.search {
            let text = "lower(\(place(search))::text)"
            terms.append("(strpos(r.auth_id, \(text)) > 0 OR strpos(lower(k.key_name), \(text)) > 0)")
        }
        if let seen = query.lastSeen { terms.append(term(seen)) }
        sql = terms.isEmpty ? "" : "WHERE " + terms.joined(separator: " AND ")
    }

    private mutating func term(_ seen: CatalogueQuery.LastSeen) -> String {
        var terms = ["r.last_seen_at IS NOT NULL"]
        if let from = seen.from { terms.append("r.last_seen_at >= \(moment(from))") }
        if let before = seen.before { terms.append("r.last_seen_at < \(moment(before))") }
        let known = terms.joined(separator: " AND ")
        return seen.includesNever ? "(r.last_seen_at IS NULL OR \(known))" : "(\(known))"
    }

    private mutating func moment(_ time: Timestamp) -> String {
        "to_timestamp(\(place(PostgresText.time(time)))::bigint / 1000)"
    }

    /// `$n` for another argument.
    private mutating func place(_ argument: String?) -> String {
        arguments.append(argument)
        return "$\(arguments.count)"
    }
}

extension CatalogueEntry {
    /// From the columns in the order of `PostgresRegistry.catalogueColumns`. Nil for an id that is none of ours.
    fileprivate init?(_ rows: PostgresRows, _ row: Int) {
        guard let id = rows.text(row, 0).flatMap({ UserID($0) }) else { return nil }
        func time(_ column: Int) -> Timestamp? { rows.integer(row, column).map { Timestamp(milliseconds: $0) } }
        self.init(
            id: id, databasePath: rows.text(row, 1) ?? "", status: rows.text(row, 2) ?? "active",
            hasActiveRules: rows.flag(row, 3) == true, unfinishedDownloads: rows.integer(row, 4).map { Int($0) } ?? 0,
            nextDue: time(5), createdAt: time(6), updatedAt: time(7), lastSeen: time(8), previousLastSeen: time(9),
            uploadTier: rows.text(row, 10) ?? "limited", retainedFiles: rows.integer(row, 11) ?? 0,
            retainedBytes: rows.integer(row, 12) ?? 0, keyName: rows.text(row, 13), isKeyActive: rows.flag(row, 14),
            keyCreatedAt: time(15))
    }
}
