package import DomainModel

extension PostgresRegistry {
    package func adopt(_ users: [AdoptedUser], now: Timestamp) async throws {
        guard !users.isEmpty else { return }
        try await pool.run("take in users", limit: Self.longCallLimit) { session in
            try session.transaction {
                for user in users where try Self.insert(session, user, now) { try Self.adoptKey(session, user, now) }
            }
        }
    }

    /// False when the user is registered already, who then stays as they are.
    private static func insert(_ session: PostgresSession, _ user: AdoptedUser, _ now: Timestamp) throws -> Bool {
        func moment(_ place: Int) -> String { "to_timestamp($\(place)::bigint / 1000)" }
        let sql = """
            INSERT INTO user_registry(auth_id, db_path, status, has_active_rules, non_terminal_torrent_count,
                next_poll_at, created_at, updated_at, queued_uploads_count, next_upload_attempt_at,
                consecutive_auth_failures, consecutive_plan_restricted_failures, upload_tier,
                upload_retained_file_count, upload_retained_storage_bytes, last_seen_at, prev_last_seen_at)
            VALUES ($1, $2, $3, $4, $5, \(moment(6)), \(moment(7)), \(moment(8)), $9, \(moment(10)), $11, $12, $13, $14,
                $15, \(moment(16)), \(moment(17))) ON CONFLICT(auth_id) DO NOTHING
            """
        return try session.query(
            sql,
            [
                user.id.hex, user.databasePath, user.status.rawValue, user.hasActiveRules ? "t" : "f",
                String(user.unfinishedDownloads), PostgresText.time(user.nextDue ?? now),
                PostgresText.time(user.createdAt), PostgresText.time(user.updatedAt), String(user.uploads.queued),
                PostgresText.time(user.uploads.nextAttempt), String(user.keyRefusals), String(user.planRefusals),
                user.uploads.tier.rawValue, String(user.uploads.retainedFiles), String(user.uploads.retainedBytes),
                PostgresText.time(user.lastSeen), PostgresText.time(user.previousLastSeen),
            ]
        ).changed > 0
    }

    private static func adoptKey(_ session: PostgresSession, _ user: AdoptedUser, _ now: Timestamp) throws {
        try session.query(
            """
            INSERT INTO api_keys(auth_id, encrypted_key, key_name, is_active, created_at, updated_at)
            VALUES ($1, $2, $3, $4, to_timestamp($5::bigint / 1000), to_timestamp($6::bigint / 1000))
            """,
            [
                user.id.hex, user.encryptedKey, user.keyName, user.isKeyActive ? "t" : "f",
                PostgresText.time(user.keyCreatedAt), PostgresText.time(user.keyUpdatedAt),
            ])
        try session.query(
            "INSERT INTO tbx_user(auth_id, next_due_ms, created_ms) VALUES ($1, $2, $3)",
            [user.id.hex, PostgresText.time(user.nextDue), PostgresText.time(now)])
    }
}
