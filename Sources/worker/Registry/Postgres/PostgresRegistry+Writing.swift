package import DomainModel
import Storage

extension PostgresRegistry {
    @discardableResult
    package func register(_ user: NewUser) async throws -> RegisteredUser {
        try await pool.run("register user \(user.id.short)", for: user.id) { session in
            try session.transaction {
                try Self.upsert(session, user)
                guard let registered = try Self.user(session, user.id) else {
                    throw StorageError(.other, "the row is not there after writing")
                }
                return registered
            }
        }
    }

    package func recordPolls(_ updates: [ScheduleUpdate]) async throws {
        guard !updates.isEmpty else { return }
        let last = Self.lastOfEach(updates)
        let (columns, refusals) = (Self.columns(last), Self.refusals(last))
        try await pool.run("write the schedule") { session in
            try session.transaction {
                // Stock's own columns, as stock counts in them.
                try session.query(
                    """
                    UPDATE user_registry r
                    SET consecutive_auth_failures = u.keys, consecutive_plan_restricted_failures = u.plans
                    FROM unnest($1::text[], $2::integer[], $3::integer[]) AS u(auth_id, keys, plans)
                    WHERE r.auth_id = u.auth_id AND (r.consecutive_auth_failures <> u.keys
                        OR r.consecutive_plan_restricted_failures <> u.plans)
                    """, refusals)
                // The EXISTS keeps one removed user from undoing the whole batch by its foreign key.
                try session.query(
                    """
                    INSERT INTO tbx_user(auth_id, next_due_ms, last_polled_ms, last_success_ms, last_error, failure_count,
                        retry_after_ms, paused_reason, torbox_account, created_ms)
                    SELECT u.*, COALESCE(u.last_polled_ms, u.next_due_ms, 0)
                    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[],
                        $8::text[], $9::text[]) AS u(auth_id, next_due_ms, last_polled_ms, last_success_ms, last_error,
                        failure_count, retry_after_ms, paused_reason, torbox_account)
                    WHERE EXISTS (SELECT 1 FROM user_registry r WHERE r.auth_id = u.auth_id)
                    ORDER BY u.auth_id
                    ON CONFLICT(auth_id) DO UPDATE SET
                        next_due_ms = excluded.next_due_ms,
                        last_polled_ms = COALESCE(excluded.last_polled_ms, tbx_user.last_polled_ms),
                        last_success_ms = COALESCE(excluded.last_success_ms, tbx_user.last_success_ms),
                        last_error = excluded.last_error,
                        failure_count = excluded.failure_count,
                        retry_after_ms = excluded.retry_after_ms,
                        paused_reason = excluded.paused_reason,
                        torbox_account = COALESCE(excluded.torbox_account, tbx_user.torbox_account)
                    """, columns)
            }
        }
    }

    package func setHasActiveRules(_ user: UserID, _ hasActiveRules: Bool, nextDue: Timestamp?) async throws {
        try await pool.run("write the rules flag of user \(user.short)", for: user) { session in
            try session.transaction {
                try session.query(
                    "UPDATE user_registry SET has_active_rules = $1 WHERE auth_id = $2",
                    [hasActiveRules ? "t" : "f", user.hex])
                guard let nextDue else { return }
                try session.query(
                    """
                    INSERT INTO tbx_user(auth_id, next_due_ms, created_ms)
                    SELECT auth_id, $2::bigint, $2::bigint FROM user_registry WHERE auth_id = $1
                    ON CONFLICT(auth_id) DO UPDATE SET next_due_ms = excluded.next_due_ms
                    """, [user.hex, PostgresText.time(nextDue)])
            }
        }
    }

    package func setStatus(
        _ user: UserID, _ status: RegisteredUser.Status, reason: String?, now: Timestamp
    ) async throws {
        try await pool.run("write the status of user \(user.short)", for: user) { session in
            try session.transaction {
                let isActive = status == .active
                try session.query(
                    """
                    UPDATE user_registry SET status = $1, updated_at = to_timestamp($2::bigint / 1000),
                        consecutive_auth_failures = CASE WHEN $4::boolean THEN 0 ELSE consecutive_auth_failures END,
                        consecutive_plan_restricted_failures =
                            CASE WHEN $4::boolean THEN 0 ELSE consecutive_plan_restricted_failures END
                    WHERE auth_id = $3
                    """, [status.rawValue, PostgresText.time(now), user.hex, isActive ? "t" : "f"])
                try session.query(
                    "UPDATE api_keys SET is_active = $1, updated_at = to_timestamp($2::bigint / 1000) WHERE auth_id = $3",
                    [isActive ? "t" : "f", PostgresText.time(now), user.hex])
                try Self.ensureSchedule(session, user, now: now)
                // Who was paused has no due time; back at work means due now.
                try session.query(
                    """
                    UPDATE tbx_user SET paused_reason = $1,
                        next_due_ms = CASE WHEN $2::boolean AND paused_reason IS NOT NULL THEN NULL ELSE next_due_ms END
                    WHERE auth_id = $3
                    """, [isActive ? nil : reason, isActive ? "t" : "f", user.hex])
            }
        }
    }

    package func touch(lastSeen: [UserID: Timestamp]) async throws {
        guard !lastSeen.isEmpty else { return }
        let seen = lastSeen.sorted { $0.key < $1.key }
        try await pool.run("write who was present") { session in
            _ = try session.query(
                """
                UPDATE user_registry r SET prev_last_seen_at = r.last_seen_at, last_seen_at = to_timestamp(u.ms / 1000)
                FROM unnest($1::text[], $2::bigint[]) AS u(auth_id, ms)
                WHERE r.auth_id = u.auth_id
                    AND (r.last_seen_at IS NULL OR r.last_seen_at < to_timestamp(u.ms / 1000))
                """,
                [
                    PostgresText.array(seen.map(\.key.hex)),
                    PostgresText.array(seen.map { PostgresText.time($0.value) }),
                ])
        }
    }

    package func recordUploads(_ backlogs: [UserID: UploadBacklog]) async throws {
        guard !backlogs.isEmpty else { return }
        let queues = backlogs.sorted { $0.key < $1.key }
        try await pool.run("write the upload queues") { session in
            _ = try session.query(
                """
                UPDATE user_registry r SET queued_uploads_count = u.queued,
                    next_upload_attempt_at = to_timestamp(u.next_ms / 1000), upload_retained_file_count = u.files,
                    upload_retained_storage_bytes = u.bytes
                FROM unnest($1::text[], $2::int[], $3::bigint[], $4::int[], $5::bigint[])
                    AS u(auth_id, queued, next_ms, files, bytes)
                WHERE r.auth_id = u.auth_id
                """,
                [
                    PostgresText.array(queues.map(\.key.hex)),
                    PostgresText.array(queues.map { String($0.value.queued) }),
                    PostgresText.array(queues.map { PostgresText.time($0.value.nextAttempt) }),
                    PostgresText.array(queues.map { String($0.value.retainedFiles) }),
                    PostgresText.array(queues.map { String($0.value.retainedBytes) }),
                ])
        }
    }

    package func replaceKeys(_ replacements: [KeyReplacement]) async throws {
        guard !replacements.isEmpty else { return }
        try await pool.run("re-encrypt stored keys") { session in
            _ = try session.query(
                """
                UPDATE api_keys k SET encrypted_key = u.new
                FROM unnest($1::text[], $2::text[], $3::text[]) AS u(auth_id, old, new)
                WHERE k.auth_id = u.auth_id AND k.encrypted_key = u.old
                """,
                [
                    PostgresText.array(replacements.map(\.user.hex)), PostgresText.array(replacements.map(\.old)),
                    PostgresText.array(replacements.map(\.new)),
                ])
        }
    }

    @discardableResult
    package func remove(_ user: UserID) async throws -> Bool {
        // Twice is not once: the second time there would be nobody to remove.
        try await pool.run("remove user \(user.short)", for: user, isRepeatable: false) { session in
            // Key and schedule go with it.
            try session.query("DELETE FROM user_registry WHERE auth_id = $1", [user.hex]).changed > 0
        }
    }

    private static func upsert(_ session: PostgresSession, _ user: NewUser) throws {
        let time = PostgresText.time(user.at)
        try session.query(
            """
            INSERT INTO user_registry(auth_id, db_path, status, next_poll_at, created_at, updated_at)
            SELECT $1, $2, 'active', at, at, at FROM to_timestamp($3::bigint / 1000) AS at
            ON CONFLICT(auth_id) DO UPDATE SET status = 'active', consecutive_auth_failures = 0,
                consecutive_plan_restricted_failures = 0, updated_at = excluded.updated_at
            """, [user.id.hex, user.databasePath, time])
        try session.query(
            """
            INSERT INTO api_keys(auth_id, encrypted_key, key_name, is_active, created_at, updated_at)
            SELECT $1, $2, $3, true, at, at FROM to_timestamp($4::bigint / 1000) AS at
            ON CONFLICT(auth_id) DO UPDATE SET encrypted_key = excluded.encrypted_key, key_name = excluded.key_name,
                is_active = true, updated_at = excluded.updated_at
            """, [user.id.hex, user.encryptedKey, user.keyName, time])
        try ensureSchedule(session, user.id, now: user.at)
        try session.query(
            """
            UPDATE tbx_user SET last_error = NULL, failure_count = 0, retry_after_ms = NULL, paused_reason = NULL,
                next_due_ms = CASE WHEN paused_reason IS NULL THEN next_due_ms END
            WHERE auth_id = $1
            """, [user.id.hex])
        try attach(session, user)
    }

    /// Only the newest key leads to the user.
    private static func attach(_ session: PostgresSession, _ user: NewUser) throws {
        if let account = user.accountID {
            try session.query(
                "UPDATE tbx_user SET account_id = $1 WHERE auth_id = $2", [String(account), user.id.hex])
        }
        try session.query("DELETE FROM tbx_key_alias WHERE auth_id = $1", [user.id.hex])
        guard let key = user.keyID, key != user.id else { return }
        try session.query(
            "INSERT INTO tbx_key_alias(alias_id, auth_id, created_ms) VALUES ($1, $2, $3)",
            [key.hex, user.id.hex, PostgresText.time(user.at)])
    }

    private static func ensureSchedule(_ session: PostgresSession, _ user: UserID, now: Timestamp) throws {
        try session.query(
            """
            INSERT INTO tbx_user(auth_id, created_ms) SELECT auth_id, $2::bigint FROM user_registry WHERE auth_id = $1
            ON CONFLICT(auth_id) DO NOTHING
            """, [user.hex, PostgresText.time(now)])
    }

    /// One statement cannot write a row twice. A later update of the same user replaces the earlier, but keeps its times.
    private static func lastOfEach(_ updates: [ScheduleUpdate]) -> [ScheduleUpdate] {
        var byUser: [UserID: ScheduleUpdate] = [:]
        for update in updates {
            var update = update
            if let earlier = byUser[update.user] {
                update.lastPolled = update.lastPolled ?? earlier.lastPolled
                update.lastSuccess = update.lastSuccess ?? earlier.lastSuccess
                update.torboxAccount = update.torboxAccount ?? earlier.torboxAccount
            }
            byUser[update.user] = update
        }
        return byUser.values.sorted { $0.user < $1.user }
    }

    private static func columns(_ updates: [ScheduleUpdate]) -> [String?] {
        [
            PostgresText.array(updates.map(\.user.hex)),
            PostgresText.array(updates.map { PostgresText.time($0.nextDue) }),
            PostgresText.array(updates.map { PostgresText.time($0.lastPolled) }),
            PostgresText.array(updates.map { PostgresText.time($0.lastSuccess) }),
            PostgresText.array(updates.map(\.lastError)),
            PostgresText.array(updates.map { String($0.failureCount) }),
            PostgresText.array(updates.map { PostgresText.time($0.retryAfter) }),
            PostgresText.array(updates.map(\.pausedReason)),
            PostgresText.array(updates.map(\.torboxAccount)),
        ]
    }

    /// Ids, refusals of the key, refusals of the plan.
    private static func refusals(_ updates: [ScheduleUpdate]) -> [String?] {
        [
            PostgresText.array(updates.map(\.user.hex)),
            PostgresText.array(updates.map { String($0.keyRefusals) }),
            PostgresText.array(updates.map { String($0.planRefusals) }),
        ]
    }
}
