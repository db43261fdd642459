import DomainModel
import GRDB
package import Storage

/// What the master database of a stock backend holds, whichever of its versions since January 2026 wrote it.
package struct StockMaster: Sendable {
    /// Number of the newest migration that is known of that backend. Source: storage notes, section 5.
    package static let newestVersion = 10

    /// By id.
    package private(set) var users: [StockUser] = []
    /// Keys of users who are not registered, by the ids as they are written: foreign keys were not enforced.
    package private(set) var strayKeys: [String] = []
    /// Rows whose id is none.
    package private(set) var unreadableIDs: [String] = []
    /// Batches of actions that waited to be carried out.
    package private(set) var pendingActions: Int = 0
    /// The newest applied migration.
    package private(set) var version: Int = 0

    /// Reads a copy that nobody else uses, with its journal. Blocks.
    ///
    /// - Throws: ``StorageError``; `notADatabase` when it is no registry of that backend, `newerSchema` when it is of a version
    ///   that is not known, or ours.
    package init(copy path: String) throws(StorageError) {
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.inDatabase { db in
                try Self.check(db)
                version = try StockVersion.newest(db)
                guard version <= Self.newestVersion else {
                    throw StockVersion.unknown(version, in: "the master database")
                }
                try read(db)
            }
            try queue.close()
        } catch {
            throw StorageError(error, while: "read the stock master database")
        }
    }

    private static func check(_ db: Database) throws {
        guard try db.tableExists("user_registry"), try db.tableExists("api_keys") else {
            throw StorageError(
                .notADatabase, "the master database has no tables user_registry and api_keys",
                hint: "give the data directory of a stock backend")
        }
        let problems = try DatabaseIntegrity.problems(in: db, isThorough: true)
        if let problem = problems.first {
            throw StorageError(
                .corrupt, "the master database is damaged: \(problem)", hint: "adopt from a backup of it")
        }
        guard try !db.tableExists("tbx_migration") else {
            throw StorageError(
                .newerSchema, "this is a data directory of this service already",
                hint: "start the service on it, or restore one of its backups")
        }
    }

    private mutating func read(_ db: Database) throws {
        var keys: [String: StockKey] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM api_keys ORDER BY id") {
            let row = StockRow(row)
            guard let id = row.text("auth_id"), let encrypted = row.text("encrypted_key") else { continue }
            keys[id] = StockKey(
                encrypted: encrypted, name: row.text("key_name"), isActive: row.flag("is_active", default: true),
                createdAt: row.time("created_at"), updatedAt: row.time("updated_at"))
        }
        for row in try Row.fetchAll(db, sql: "SELECT * FROM user_registry ORDER BY auth_id") {
            let row = StockRow(row)
            let written = row.text("auth_id") ?? ""
            let key = keys.removeValue(forKey: written)
            guard let id = UserID(written) else {
                unreadableIDs.append(String(written.prefix(64)))
                continue
            }
            users.append(StockUser(id, row, key))
        }
        strayKeys = keys.keys.sorted()
        if try db.tableExists("pending_actions") {
            pendingActions = try Int.fetchOne(db, sql: "SELECT count(*) FROM pending_actions") ?? 0
        }
    }
}

extension StockUser {
    fileprivate init(_ id: UserID, _ row: StockRow, _ key: StockKey?) {
        let status = row.text("status")
        self.init(
            id: id, databasePath: row.text("db_path") ?? "",
            status: status == nil || status == "active" ? .active : .inactive,
            unfinishedDownloads: row.integer("non_terminal_torrent_count") ?? 0, nextPoll: row.time("next_poll_at"),
            createdAt: row.time("created_at"), updatedAt: row.time("updated_at"),
            uploads: UploadBacklog(
                queued: row.integer("queued_uploads_count").flatMap { Int(exactly: $0) } ?? 0,
                nextAttempt: row.time("next_upload_attempt_at"),
                tier: row.text("upload_tier").flatMap(UploadBacklog.Tier.init(rawValue:)) ?? .limited,
                retainedFiles: row.integer("upload_retained_file_count").flatMap { Int(exactly: $0) } ?? 0,
                retainedBytes: row.integer("upload_retained_storage_bytes") ?? 0),
            keyRefusals: row.integer("consecutive_auth_failures") ?? 0,
            planRefusals: row.integer("consecutive_plan_restricted_failures") ?? 0,
            lastSeen: row.time("last_seen_at"), previousLastSeen: row.time("prev_last_seen_at"), key: key)
    }
}
