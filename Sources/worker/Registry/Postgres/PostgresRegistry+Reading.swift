package import DomainModel

extension PostgresRegistry {
    package func users(in slots: ClosedRange<Slot>) async throws -> [RegisteredUser] {
        try await pool.run("read the registered users", limit: Self.longCallLimit) { session in
            try session.transaction {
                try session.takeTime()
                let rows = try session.query(
                    "\(Self.select) WHERE \(Self.inSlots) ORDER BY r.auth_id", Self.bounds(slots))
                return (0..<rows.count).compactMap { RegisteredUser(rows, $0) }
            }
        }
    }

    package func user(_ id: UserID) async throws -> RegisteredUser? {
        try await pool.run("read user \(id.short)") { session in try Self.user(session, id) }
    }

    package func encryptedKey(of user: UserID) async throws -> String? {
        try await pool.run("read the key of user \(user.short)") { session in
            let rows = try session.query("SELECT encrypted_key FROM api_keys WHERE auth_id = $1", [user.hex])
            return rows.count > 0 ? rows.text(0, 0) : nil
        }
    }

    package func countActive(in slots: ClosedRange<Slot>) async throws -> Int {
        try await pool.run("count the active users") { session in
            let rows = try session.query(
                """
                SELECT count(*) FROM user_registry r JOIN api_keys k ON k.auth_id = r.auth_id
                WHERE \(Self.inSlots) AND r.status = 'active' AND k.is_active
                """, Self.bounds(slots))
            return rows.integer(0, 0).map { Int($0) } ?? 0
        }
    }

    package func anyKey() async throws -> (user: UserID, encryptedKey: String)? {
        try await pool.run("read the registry") { session in
            // The newest, as the most likely to be under the current master key.
            let rows = try session.query(
                "SELECT auth_id, encrypted_key FROM api_keys ORDER BY updated_at DESC, id DESC LIMIT 1")
            guard rows.count > 0, let user = rows.text(0, 0).flatMap({ UserID($0) }), let key = rows.text(0, 1)
            else { return nil }
            return (user, key)
        }
    }

    package func storedKeys(after user: UserID?, limit: Int) async throws -> [StoredKey] {
        try await pool.run("read the stored keys") { session in
            let rows = try session.query(
                "SELECT auth_id, encrypted_key FROM api_keys WHERE auth_id > $1 ORDER BY auth_id LIMIT $2",
                [user?.hex ?? "", String(limit)])
            return (0..<rows.count).compactMap { row in
                guard let user = rows.text(row, 0).flatMap({ UserID($0) }), let key = rows.text(row, 1) else {
                    return nil
                }
                return StoredKey(user: user, encryptedKey: key)
            }
        }
    }

    package func user(ofAccount account: Int64) async throws -> UserID? {
        try await pool.run("look for a TorBox account") { session in
            try Self.id(
                session, "SELECT auth_id FROM tbx_user WHERE account_id = $1 ORDER BY created_ms, auth_id LIMIT 1",
                String(account))
        }
    }

    package func user(ofKey key: UserID) async throws -> UserID? {
        try await pool.run("look for the user of key \(key.short)") { session in
            try Self.id(session, "SELECT auth_id FROM tbx_key_alias WHERE alias_id = $1", key.hex)
        }
    }

    private static func id(_ session: PostgresSession, _ sql: String, _ argument: String) throws -> UserID? {
        let rows = try session.query(sql, [argument])
        return rows.count > 0 ? rows.text(0, 0).flatMap { UserID($0) } : nil
    }

    static func user(_ session: PostgresSession, _ id: UserID) throws -> RegisteredUser? {
        let rows = try session.query("\(select) WHERE r.auth_id = $1", [id.hex])
        return rows.count > 0 ? RegisteredUser(rows, 0) : nil
    }

    static let select = """
        SELECT r.auth_id, r.db_path, r.status, k.is_active, k.key_name, r.has_active_rules, k.encrypted_key,
            t.next_due_ms, t.last_polled_ms, t.last_success_ms, t.last_error, t.failure_count, t.retry_after_ms,
            t.paused_reason, extract(epoch FROM r.last_seen_at)::bigint * 1000,
            extract(epoch FROM r.created_at)::bigint * 1000, t.account_id, a.alias_id,
            r.queued_uploads_count, extract(epoch FROM r.next_upload_attempt_at)::bigint * 1000, r.upload_tier,
            r.upload_retained_file_count, r.upload_retained_storage_bytes,
            r.consecutive_auth_failures, r.consecutive_plan_restricted_failures
        FROM user_registry r LEFT JOIN api_keys k ON k.auth_id = r.auth_id LEFT JOIN tbx_user t ON t.auth_id = r.auth_id
            LEFT JOIN tbx_key_alias a ON a.auth_id = r.auth_id
        """

    /// A range of the primary key: ids begin with their slot's two digits.
    static let inSlots = "r.auth_id >= $1 AND r.auth_id < $2"

    static func bounds(_ slots: ClosedRange<Slot>) -> [String?] {
        let last = slots.upperBound.number
        // No id begins with a letter past f.
        return [slots.lowerBound.description, last == .max ? "g" : Slot(last + 1).description]
    }
}

extension RegisteredUser {
    /// From the columns in the order of `PostgresRegistry.select`. Nil for an id that is none of ours.
    fileprivate init?(_ rows: PostgresRows, _ row: Int) {
        guard let id = rows.text(row, 0).flatMap({ UserID($0) }) else { return nil }
        func time(_ column: Int) -> Timestamp? { rows.integer(row, column).map { Timestamp(milliseconds: $0) } }
        let encryptedKey = rows.text(row, 6)
        self.init(
            id: id, databasePath: rows.text(row, 1) ?? "",
            status: rows.text(row, 2) == "active" ? .active : .inactive,
            isKeyActive: encryptedKey != nil && rows.flag(row, 3) == true, keyName: rows.text(row, 4),
            hasActiveRules: rows.flag(row, 5) == true, encryptedKey: encryptedKey, nextDue: time(7),
            lastPolled: time(8), lastSuccess: time(9), lastError: rows.text(row, 10),
            failureCount: rows.integer(row, 11).map { Int($0) } ?? 0, retryAfter: time(12),
            pausedReason: rows.text(row, 13), lastSeen: time(14),
            createdAt: time(15) ?? Timestamp(milliseconds: 0),
            uploads: UploadBacklog(
                queued: rows.integer(row, 18).map { Int($0) } ?? 0, nextAttempt: time(19),
                tier: rows.text(row, 20).flatMap { UploadBacklog.Tier(rawValue: $0) } ?? .limited,
                retainedFiles: rows.integer(row, 21).map { Int($0) } ?? 0, retainedBytes: rows.integer(row, 22) ?? 0),
            keyRefusals: rows.integer(row, 23).map { Int($0) } ?? 0,
            planRefusals: rows.integer(row, 24).map { Int($0) } ?? 0,
            accountID: rows.integer(row, 16), keyID: rows.text(row, 17).flatMap { UserID($0) })
    }
}
