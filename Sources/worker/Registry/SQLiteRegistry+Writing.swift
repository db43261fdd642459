package import DomainModel
import GRDB
import Storage

extension SQLiteRegistry {
    @discardableResult
    package func register(_ user: NewUser) async throws -> RegisteredUser {
        try await write { db in
            try Self.upsert(db, user)
            guard let registered = try Self.user(db, user.id) else {
                throw StorageError(.other, "cannot register user \(user.id.short): the row is not there after writing")
            }
            return registered
        }
    }

    package func recordPolls(_ updates: [ScheduleUpdate]) async throws {
        guard !updates.isEmpty else { return }
        try await write { db in
            // The EXISTS keeps one removed user from undoing the whole batch by its foreign key.
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO tbx_user(auth_id, next_due_ms, last_polled_ms, last_success_ms, last_error, failure_count,
                        retry_after_ms, paused_reason, torbox_account, created_ms)
                    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, COALESCE(?3, ?2, 0)
                    WHERE EXISTS (SELECT 1 FROM user_registry WHERE auth_id = ?1)
                    ON CONFLICT(auth_id) DO UPDATE SET
                        next_due_ms = excluded.next_due_ms,
                        last_polled_ms = COALESCE(excluded.last_polled_ms, last_polled_ms),
                        last_success_ms = COALESCE(excluded.last_success_ms, last_success_ms),
                        last_error = excluded.last_error,
                        failure_count = excluded.failure_count,
                        retry_after_ms = excluded.retry_after_ms,
                        paused_reason = excluded.paused_reason,
                        torbox_account = COALESCE(excluded.torbox_account, torbox_account)
                    """)
            // Stock's own columns, as stock counts in them.
            let refusals = try db.cachedStatement(
                sql: """
                    UPDATE user_registry
                    SET consecutive_auth_failures = ?2, consecutive_plan_restricted_failures = ?3
                    WHERE auth_id = ?1
                        AND (consecutive_auth_failures IS NOT ?2 OR consecutive_plan_restricted_failures IS NOT ?3)
                    """)
            for update in updates {
                try refusals.execute(arguments: [update.user.hex, update.keyRefusals, update.planRefusals])
                try statement.execute(arguments: [
                    update.user.hex, update.nextDue?.milliseconds, update.lastPolled?.milliseconds,
                    update.lastSuccess?.milliseconds, update.lastError, update.failureCount,
                    update.retryAfter?.milliseconds, update.pausedReason, update.torboxAccount,
                ])
            }
        }
    }

    package func setHasActiveRules(_ user: UserID, _ hasActiveRules: Bool, nextDue: Timestamp?) async throws {
        try await write { db in
            try db.executeCached(
                sql: "UPDATE user_registry SET has_active_rules = ? WHERE auth_id = ? AND has_active_rules IS NOT ?",
                arguments: [hasActiveRules, user.hex, hasActiveRules])
            guard let nextDue else { return }
            try db.executeCached(
                sql: """
                    INSERT INTO tbx_user(auth_id, next_due_ms, created_ms)
                    SELECT ?1, ?2, ?2 WHERE EXISTS (SELECT 1 FROM user_registry WHERE auth_id = ?1)
                    ON CONFLICT(auth_id) DO UPDATE SET next_due_ms = excluded.next_due_ms
                    """, arguments: [user.hex, nextDue.milliseconds])
        }
    }

    package func recordUploads(_ backlogs: [UserID: UploadBacklog]) async throws {
        guard !backlogs.isEmpty else { return }
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE user_registry SET queued_uploads_count = ?, next_upload_attempt_at = ?,
                        upload_retained_file_count = ?, upload_retained_storage_bytes = ?
                    WHERE auth_id = ?
                    """)
            for (user, backlog) in backlogs {
                try statement.execute(arguments: [
                    backlog.queued, backlog.nextAttempt?.sqliteText, backlog.retainedFiles, backlog.retainedBytes,
                    user.hex,
                ])
            }
        }
    }

    package func setStatus(
        _ user: UserID, _ status: RegisteredUser.Status, reason: String?, now: Timestamp
    ) async throws {
        try await write { db in
            let (id, time, isActive) = (user.hex, now.sqliteText, status == .active)
            try db.executeCached(
                sql: """
                    UPDATE user_registry SET status = ?1, updated_at = ?2,
                        consecutive_auth_failures = CASE WHEN ?4 THEN 0 ELSE consecutive_auth_failures END,
                        consecutive_plan_restricted_failures =
                            CASE WHEN ?4 THEN 0 ELSE consecutive_plan_restricted_failures END
                    WHERE auth_id = ?3
                    """, arguments: [status.rawValue, time, id, isActive])
            try db.executeCached(
                sql: "UPDATE api_keys SET is_active = ?, updated_at = ? WHERE auth_id = ?",
                arguments: [isActive, time, id])
            try Self.ensureSchedule(db, user, now: now)
            // Who was paused has no due time; back at work means due now.
            try db.executeCached(
                sql: """
                    UPDATE tbx_user SET paused_reason = ?1,
                        next_due_ms = CASE WHEN ?2 AND paused_reason IS NOT NULL THEN NULL ELSE next_due_ms END
                    WHERE auth_id = ?3
                    """, arguments: [isActive ? nil : reason, isActive, id])
        }
    }

    package func touch(lastSeen: [UserID: Timestamp]) async throws {
        guard !lastSeen.isEmpty else { return }
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE user_registry SET prev_last_seen_at = last_seen_at, last_seen_at = ?1
                    WHERE auth_id = ?2 AND (last_seen_at IS NULL OR last_seen_at < ?1)
                    """)
            for (user, time) in lastSeen { try statement.execute(arguments: [time.sqliteText, user.hex]) }
        }
    }

    package func replaceKeys(_ replacements: [KeyReplacement]) async throws {
        guard !replacements.isEmpty else { return }
        try await write { db in
            let statement = try db.cachedStatement(
                sql: "UPDATE api_keys SET encrypted_key = ? WHERE auth_id = ? AND encrypted_key = ?")
            for one in replacements { try statement.execute(arguments: [one.new, one.user.hex, one.old]) }
        }
    }

    @discardableResult
    package func remove(_ user: UserID) async throws -> Bool {
        try await write { db in
            try db.executeCached(sql: "DELETE FROM pending_actions WHERE auth_id = ?", arguments: [user.hex])
            // Key and schedule go with it.
            try db.executeCached(sql: "DELETE FROM user_registry WHERE auth_id = ?", arguments: [user.hex])
            return db.changesCount > 0
        }
    }

    private static func upsert(_ db: Database, _ user: NewUser) throws {
        let time = user.at.sqliteText
        try db.executeCached(
            sql: """
                INSERT INTO user_registry(auth_id, db_path, status, next_poll_at, created_at, updated_at)
                VALUES (?1, ?2, 'active', ?3, ?3, ?3)
                ON CONFLICT(auth_id) DO UPDATE SET status = 'active', consecutive_auth_failures = 0,
                    consecutive_plan_restricted_failures = 0, updated_at = excluded.updated_at
                """, arguments: [user.id.hex, user.databasePath, time])
        try db.executeCached(
            sql: """
                INSERT INTO api_keys(auth_id, encrypted_key, key_name, is_active, created_at, updated_at)
                VALUES (?1, ?2, ?3, 1, ?4, ?4)
                ON CONFLICT(auth_id) DO UPDATE SET encrypted_key = excluded.encrypted_key, key_name = excluded.key_name,
                    is_active = 1, updated_at = excluded.updated_at
                """, arguments: [user.id.hex, user.encryptedKey, user.keyName, time])
        try ensureSchedule(db, user.id, now: user.at)
        try db.executeCached(
            sql: """
                UPDATE tbx_user SET last_error = NULL, failure_count = 0, retry_after_ms = NULL, paused_reason = NULL,
                    next_due_ms = CASE WHEN paused_reason IS NULL THEN next_due_ms END
                WHERE auth_id = ?
                """, arguments: [user.id.hex])
        try attach(db, user)
    }

    /// Only the newest key leads to the user.
    private static func attach(_ db: Database, _ user: NewUser) throws {
        if let account = user.accountID {
            try db.executeCached(
                sql: "UPDATE tbx_user SET account_id = ? WHERE auth_id = ?", arguments: [account, user.id.hex])
        }
        try db.executeCached(sql: "DELETE FROM tbx_key_alias WHERE auth_id = ?", arguments: [user.id.hex])
        guard let key = user.keyID, key != user.id else { return }
        try db.executeCached(
            sql: "INSERT INTO tbx_key_alias(alias_id, auth_id, created_ms) VALUES (?, ?, ?)",
            arguments: [key.hex, user.id.hex, user.at.milliseconds])
    }

    private static func ensureSchedule(_ db: Database, _ user: UserID, now: Timestamp) throws {
        try db.executeCached(
            sql: """
                INSERT OR IGNORE INTO tbx_user(auth_id, created_ms)
                SELECT auth_id, ? FROM user_registry WHERE auth_id = ?
                """, arguments: [now.milliseconds, user.hex])
    }
}
