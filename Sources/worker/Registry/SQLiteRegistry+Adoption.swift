package import DomainModel
import GRDB

extension SQLiteRegistry {
    package func adopt(_ users: [AdoptedUser], now: Timestamp) async throws {
        guard !users.isEmpty else { return }
        try await write { db in
            let registry = try db.cachedStatement(
                sql: """
                    INSERT INTO user_registry(auth_id, db_path, status, has_active_rules, non_terminal_torrent_count,
                        next_poll_at, created_at, updated_at, queued_uploads_count, next_upload_attempt_at,
                        consecutive_auth_failures, consecutive_plan_restricted_failures, upload_tier,
                        upload_retained_file_count, upload_retained_storage_bytes, last_seen_at, prev_last_seen_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(auth_id) DO NOTHING
                    """)
            for user in users {
                try registry.execute(arguments: [
                    user.id.hex, user.databasePath, user.status.rawValue, user.hasActiveRules, user.unfinishedDownloads,
                    (user.nextDue ?? now).sqliteText, user.createdAt.sqliteText, user.updatedAt.sqliteText,
                    user.uploads.queued, user.uploads.nextAttempt?.sqliteText, user.keyRefusals, user.planRefusals,
                    user.uploads.tier.rawValue, user.uploads.retainedFiles, user.uploads.retainedBytes,
                    user.lastSeen?.sqliteText, user.previousLastSeen?.sqliteText,
                ])
                // Somebody who is registered already stays as they are.
                if db.changesCount > 0 { try Self.adoptKey(db, user, now) }
            }
        }
    }

    private static func adoptKey(_ db: Database, _ user: AdoptedUser, _ now: Timestamp) throws {
        let key = """
            INSERT INTO api_keys(auth_id, encrypted_key, key_name, is_active, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """
        try db.cachedStatement(sql: key).execute(arguments: [
            user.id.hex, user.encryptedKey, user.keyName, user.isKeyActive, user.keyCreatedAt.sqliteText,
            user.keyUpdatedAt.sqliteText,
        ])
        let schedule = "INSERT INTO tbx_user(auth_id, next_due_ms, created_ms) VALUES (?, ?, ?)"
        try db.cachedStatement(sql: schedule).execute(arguments: [
            user.id.hex, user.nextDue?.milliseconds, now.milliseconds,
        ])
    }
}
