package import DomainModel
import GRDB

extension SQLiteRegistry {
    package func users(in slots: ClosedRange<Slot>) async throws -> [RegisteredUser] {
        try await read { db in
            let statement = try db.cachedStatement(sql: Self.usersQuery)
            let rows = try Row.fetchCursor(statement, arguments: Self.bounds(slots))
            var users: [RegisteredUser] = []
            while let row = try rows.next() {
                if let user = RegisteredUser(positional: row) { users.append(user) }
            }
            return users
        }
    }

    package func user(_ id: UserID) async throws -> RegisteredUser? {
        try await read { db in try Self.user(db, id) }
    }

    package func encryptedKey(of user: UserID) async throws -> String? {
        try await read { db in
            try String.fetchOne(
                db.cachedStatement(sql: "SELECT encrypted_key FROM api_keys WHERE auth_id = ?"), arguments: [user.hex])
        }
    }

    package func countActive(in slots: ClosedRange<Slot>) async throws -> Int {
        try await read { db in
            let sql = """
                SELECT count(*) FROM user_registry r JOIN api_keys k ON k.auth_id = r.auth_id
                WHERE \(Self.inSlots) AND r.status = 'active' AND COALESCE(k.is_active, 1) <> 0
                """
            return try Int.fetchOne(db.cachedStatement(sql: sql), arguments: Self.bounds(slots)) ?? 0
        }
    }

    package func anyKey() async throws -> (user: UserID, encryptedKey: String)? {
        let found: [String]? = try await read { db in
            // The newest, as the most likely to be under the current master key.
            let newest = "SELECT auth_id, encrypted_key FROM api_keys ORDER BY updated_at DESC, id DESC LIMIT 1"
            return try Row.fetchOne(db, sql: newest)
                .map { [$0[0], $0[1]] }
        }
        guard let found, let user = UserID(found[0]) else { return nil }
        return (user, found[1])
    }

    package func storedKeys(after user: UserID?, limit: Int) async throws -> [StoredKey] {
        try await read { db in
            let sql = "SELECT auth_id, encrypted_key FROM api_keys WHERE auth_id > ? ORDER BY auth_id LIMIT ?"
            return try Row.fetchAll(db, sql: sql, arguments: [user?.hex ?? "", limit]).compactMap { row in
                UserID(row[0] as String).map { StoredKey(user: $0, encryptedKey: row[1]) }
            }
        }
    }

    package func user(ofAccount account: Int64) async throws -> UserID? {
        try await id(
            "SELECT auth_id FROM tbx_user WHERE account_id = ? ORDER BY created_ms, auth_id LIMIT 1", [account])
    }

    package func user(ofKey key: UserID) async throws -> UserID? {
        try await id("SELECT auth_id FROM tbx_key_alias WHERE alias_id = ?", [key.hex])
    }

    private func id(_ sql: String, _ arguments: StatementArguments) async throws -> UserID? {
        try await read { db in
            try String.fetchOne(db.cachedStatement(sql: sql), arguments: arguments).flatMap { UserID($0) }
        }
    }

    static func user(_ db: Database, _ id: UserID) throws -> RegisteredUser? {
        let statement = try db.cachedStatement(sql: "\(select) WHERE r.auth_id = ?")
        return try Row.fetchOne(statement, arguments: [id.hex]).flatMap(RegisteredUser.init(positional:))
    }

    /// The query of ``users(in:)``, for a look at its plan.
    package static var usersQuery: String { "\(select) WHERE \(inSlots) ORDER BY r.auth_id" }

    private static let select = """
        SELECT r.auth_id, r.db_path, r.status, k.is_active, k.key_name, r.has_active_rules, k.encrypted_key,
            t.next_due_ms, t.last_polled_ms, t.last_success_ms, t.last_error, t.failure_count, t.retry_after_ms,
            t.paused_reason, r.last_seen_at, r.created_at, r.queued_uploads_count, r.next_upload_attempt_at,
            r.upload_tier, r.upload_retained_file_count, r.upload_retained_storage_bytes,
            r.consecutive_auth_failures, r.consecutive_plan_restricted_failures, t.account_id, a.alias_id
        FROM user_registry r LEFT JOIN api_keys k ON k.auth_id = r.auth_id LEFT JOIN tbx_user t ON t.auth_id = r.auth_id
            LEFT JOIN tbx_key_alias a ON a.auth_id = r.auth_id
        """

    /// A range of the primary key: ids begin with their slot's two digits.
    static let inSlots = "r.auth_id >= ? AND r.auth_id < ?"

    static func bounds(_ slots: ClosedRange<Slot>) -> StatementArguments {
        let last = slots.upperBound.number
        // No id begins with a letter past f.
        let end = last == .max ? "g" : Slot(last + 1).description
        return [slots.lowerBound.description, end]
    }
}

extension RegisteredUser {
    /// From the columns in the order of `SQLiteRegistry.select`: by position, because by name costs a search each. Nil for an
    /// id that is none of ours.
    fileprivate init?(positional row: Row) {
        guard let id = UserID(row[0] as String) else { return nil }
        func time(_ index: Int) -> Timestamp? { (row[index] as Int64?).map { Timestamp(milliseconds: $0) } }
        // Stock's `0` for no time is a number in a DATETIME column.
        func text(_ index: Int) -> Timestamp? {
            String.fromDatabaseValue(row[index]).flatMap { Timestamp(storedText: $0) }
        }
        let encryptedKey: String? = row[6]
        let keyFlag: Int64? = row[3]
        let ruleFlag: Int64? = row[5]
        self.init(
            id: id, databasePath: row[1], status: Status(stored: row[2]),
            // Without a key there is nothing to be active; a null flag counts as stock's default.
            isKeyActive: encryptedKey != nil && keyFlag != 0, keyName: row[4], hasActiveRules: (ruleFlag ?? 0) != 0,
            encryptedKey: encryptedKey, nextDue: time(7), lastPolled: time(8), lastSuccess: time(9), lastError: row[10],
            failureCount: row[11] ?? 0, retryAfter: time(12), pausedReason: row[13], lastSeen: text(14),
            createdAt: text(15) ?? Timestamp(milliseconds: 0),
            uploads: UploadBacklog(
                queued: row[16] ?? 0, nextAttempt: text(17), tier: UploadBacklog.Tier(rawValue: row[18]) ?? .limited,
                retainedFiles: row[19] ?? 0, retainedBytes: row[20] ?? 0),
            keyRefusals: row[21] ?? 0, planRefusals: row[22] ?? 0,
            accountID: row[23], keyID: (row[24] as String?).flatMap { UserID($0) })
    }
}

extension RegisteredUser.Status {
    /// Null counts as stock's default; anything unknown as not active.
    fileprivate init(stored: String?) { self = stored == nil || stored == "active" ? .active : .inactive }
}
