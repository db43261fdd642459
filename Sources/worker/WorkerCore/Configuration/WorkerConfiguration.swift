package import Logging
package import Observability
package import Registry
package import ServiceSupport

/// Everything a worker is told from outside. Plain values; code below never reads the environment.
///
/// README's table lists each key with its meaning, range and default; a test holds the two together.
package struct WorkerConfiguration: Sendable {
    package enum Mode: String, Sendable, CaseIterable { case development, production, test }

    package var dataDirectory: String
    package var runtimeDirectory: String
    package var masterDatabasePath: String
    /// Nil: the registry is the file ``masterDatabasePath``.
    package var registryServer: PostgresSettings?
    package var userDatabaseDirectory: String
    package var backupDirectory: String
    /// Nil: read or make the key file in the data directory.
    package var encryptionKey: String?
    package var encryptionSalt: String
    /// Readable beside ``encryptionKey`` until everything is re-encrypted.
    package var previousEncryptionKey: String?
    package var previousEncryptionSalt: String

    package var torBoxBase: String
    package var torBoxVersion: String
    package var userAgentVersion: String
    package var fetchTimeout: Duration
    package var actionTimeout: Duration
    package var fetchConcurrency: Int
    package var actionConcurrency: Int
    package var outageMinimumPause: Duration
    package var outageProbeInterval: Duration

    /// User files open at a time in this worker: its share of `MAX_DB_CONNECTIONS`.
    package var openDatabases: Int
    /// KiB of page cache for each open user file.
    package var pageCacheKiB: Int
    package var survivesPowerCut: Bool

    package var concurrentPolls: Int
    package var pollTimeout: Duration
    package var startSpread: Duration
    /// The longest pause after polls that failed in a row.
    package var longestPollRetry: Duration
    /// The first pause of a quarantined user; doubles to 6 h.
    package var firstQuarantine: Duration
    /// 1 in production; below 1 shortens rule intervals in development.
    package var intervalMultiplier: Double
    package var ruleActionConcurrency: Int
    /// Days without a sign of life after which scheduled polls of a user stop; 0 never.
    package var inactiveUserDays: Int
    /// The shortest time between an evaluation of a rule and a run by hand.
    package var manualRunSpacing: Duration
    /// Between two signs of life on an event stream.
    package var heartbeat: Duration

    package var uploadDirectory: String
    /// Bytes of one uploaded file.
    package var maximumUploadBytes: Int
    /// What may be kept on disk for a user of the limited tier.
    package var uploadFiles: Int
    package var uploadMebibytes: Int
    /// Users whose uploads are handed over at a time.
    package var uploadConcurrency: Int
    package var uploadWorkPerDrain: Int
    package var createTimeout: Duration
    package var uploadSoftDefer: Duration
    package var uploadPause: Duration
    package var uploadStrikes: Int
    package var uploadExternalLimitWait: Duration
    /// User files that an administrator's question over all users opens at a time in this worker.
    package var administrationConcurrency: Int

    package var workerCount: Int
    package var mode: Mode
    package var logLevel: Logger.Level
    package var logFormat: LogFormat

    /// Reads and checks everything; throws ``InvalidConfiguration`` with all problems at once.
    package init(_ reader: SettingsReader) throws {
        let data = reader.string("DATA_DIR", default: "./data")
        dataDirectory = data
        runtimeDirectory = reader.string("RUNTIME_DIR", default: data + "/run")
        masterDatabasePath = Self.filePath(reader.string("MASTER_DB_PATH", default: data + "/master.db"))
        registryServer = Self.registryServer(reader)
        userDatabaseDirectory = reader.string("USER_DB_DIR", default: data + "/users")
        backupDirectory = reader.string("BACKUP_DIR", default: data + "/backups")
        encryptionKey = reader.secret("ENCRYPTION_KEY")
        encryptionSalt = reader.secret("ENCRYPTION_SALT") ?? "torbox-salt"
        previousEncryptionKey = reader.secret("ENCRYPTION_KEY_PREVIOUS")
        previousEncryptionSalt = reader.secret("ENCRYPTION_SALT_PREVIOUS") ?? encryptionSalt
        if let key = encryptionKey { Self.checkKey(key, reader) }

        torBoxBase = Self.httpBase("TORBOX_API_BASE", reader, default: "https://api.torbox.app")
        torBoxVersion = reader.string("TORBOX_API_VERSION", default: "v1")
        userAgentVersion = reader.string("TORBOX_MANAGER_VERSION", default: "1.0")
        fetchTimeout = reader.milliseconds("TORBOX_FETCH_TIMEOUT_MS", default: 20_000, in: 100...600_000)
        actionTimeout = reader.milliseconds("TORBOX_ACTION_TIMEOUT_MS", default: 15_000, in: 100...600_000)
        fetchConcurrency = reader.integer("TORBOX_FETCH_CONCURRENCY", default: 20, in: 1...1_000)
        actionConcurrency = reader.integer("TORBOX_ACTION_CONCURRENCY", default: 12, in: 1...1_000)
        outageMinimumPause = reader.milliseconds("TORBOX_MIN_PAUSE_MS", default: 120_000, in: 0...86_400_000)
        outageProbeInterval = reader.milliseconds(
            "TORBOX_OUTAGE_RECOVERY_INTERVAL_MS", default: 180_000, in: 100...86_400_000)

        let workers = reader.integer("WORKERS", default: min(256, Processors.count), in: 1...256)
        workerCount = workers
        let databases = reader.integer("MAX_DB_CONNECTIONS", default: 500, in: 1...100_000)
        openDatabases = max(4, databases / workers)
        let administration = reader.integer("ADMIN_USER_DB_GLOBAL_CONCURRENCY", default: 8, in: 1...1_000)
        administrationConcurrency = min(max(1, administration / workers), openDatabases)
        // Stock gives SQLite's pragma value: negative is KiB, positive pages of 4 KiB.
        let cache = reader.integer("SQLITE_CACHE_SIZE_KB", default: -48, in: -1_048_576...1_048_576)
        pageCacheKiB = cache < 0 ? -cache : cache * 4
        survivesPowerCut = reader.flag("SYNC_EVERY_COMMIT", default: false)

        concurrentPolls = reader.integer("MAX_CONCURRENT_POLLS", default: 12, in: 1...1_000)
        pollTimeout = reader.milliseconds("POLL_KICKOUT_MS", default: 180_000, in: 1_000...3_600_000)
        longestPollRetry = reader.milliseconds("POLL_RETRY_MAX_MS", default: 300_000, in: 1_000...3_600_000)
        startSpread = reader.milliseconds("START_SPREAD_MS", default: 5_000, in: 0...3_600_000)
        firstQuarantine = reader.milliseconds("USER_QUARANTINE_MS", default: 60_000, in: 1_000...21_600_000)
        ruleActionConcurrency = reader.integer("RULE_ACTION_CONCURRENCY", default: 3, in: 1...64)
        uploadDirectory = reader.string("UPLOAD_STORAGE_DIR", default: data + "/uploads")
        maximumUploadBytes = reader.integer("MAX_UPLOAD_FILE_SIZE", default: 10_485_760, in: 1...10_485_760)
        uploadFiles = reader.integer("UPLOAD_LIMIT_MAX_FILES", default: 500, in: 1...100_000)
        uploadMebibytes = reader.integer("UPLOAD_LIMIT_MAX_STORAGE_MB", default: 100, in: 1...1_048_576)
        uploadConcurrency = reader.integer("UPLOAD_PROCESS_CONCURRENCY", default: 6, in: 1...1_000)
        uploadWorkPerDrain = reader.integer("UPLOAD_MAX_WORK_PER_DRAIN", default: 25, in: 1...1_000)
        createTimeout = reader.milliseconds("CREATE_UPLOAD_TIMEOUT_MS", default: 30_000, in: 100...600_000)
        uploadSoftDefer = reader.milliseconds("UPLOAD_CONNECTION_SOFT_DEFER_MS", default: 30_000, in: 100...86_400_000)
        uploadPause = reader.milliseconds("UPLOAD_CONNECTION_DEFER_MS", default: 900_000, in: 100...86_400_000)
        uploadStrikes = reader.integer("UPLOAD_CONNECTION_STRIKES_BEFORE_PAUSE", default: 3, in: 1...1_000)
        uploadExternalLimitWait = reader.milliseconds(
            "UPLOAD_EXTERNAL_RATE_LIMIT_RETRY_MS", default: 300_000, in: 100...86_400_000)
        inactiveUserDays = reader.integer("AUTOMATION_INACTIVE_USER_DAYS", default: 30, in: 0...36_500)
        manualRunSpacing = reader.milliseconds("MANUAL_EXECUTION_RATE_LIMIT_MS", default: 300_000, in: 0...86_400_000)
        heartbeat = reader.milliseconds("SSE_HEARTBEAT_INTERVAL_MS", default: 15_000, in: 100...240_000)
        mode = reader.choice("NODE_ENV", default: .production)
        let multiplier = reader.number("DEV_INTERVAL_MULTIPLIER", default: 0.1, in: 0.0001...1)
        intervalMultiplier = mode == .development ? multiplier : 1

        logLevel = LogSettings.level(reader)
        logFormat = LogSettings.format(reader)
        try reader.throwProblems()
    }

    private static func registryServer(_ reader: SettingsReader) -> PostgresSettings? {
        let connections = reader.integer("DATABASE_CONNECTIONS", default: 2, in: 1...32)
        let limit = reader.milliseconds("DATABASE_TIMEOUT_MS", default: 3_000, in: 100...60_000)
        guard let url = reader.secret("DATABASE_URL") else { return nil }
        if let problem = PostgresSettings.problem(with: url) {
            reader.report("DATABASE_URL", problem)
            return nil
        }
        return PostgresSettings(url: url, connections: connections, callLimit: limit)
    }

    /// Stock accepts `sqlite://` in front of the path.
    private static func filePath(_ text: String) -> String {
        text.hasPrefix("sqlite://") ? String(text.dropFirst("sqlite://".count)) : text
    }

    /// Placeholders that stock's documents show; nobody may run with one of them.
    private static let placeholders = [
        "dev-key-change-me", "change-me-please!", "development", "default-dev-key", "default", "test-key", "dev-key",
    ]

    private static func checkKey(_ key: String, _ reader: SettingsReader) {
        guard key.utf8.count >= 16 else {
            return reader.report(
                "ENCRYPTION_KEY", "has \(key.utf8.count) bytes; give at least 16, such as 64 random hex digits")
        }
        let lowered = key.lowercased()
        if placeholders.contains(where: lowered.contains) {
            reader.report("ENCRYPTION_KEY", "contains a placeholder of the documents; give random text of your own")
        }
    }

    private static func httpBase(_ key: String, _ reader: SettingsReader, default fallback: String) -> String {
        var base = reader.string(key, default: fallback)
        while base.hasSuffix("/") { base.removeLast() }
        guard base.hasPrefix("https://") || base.hasPrefix("http://"), base.count > "https://".count else {
            reader.report(key, "is \"\(base)\"; give an address that begins with https:// or http://")
            return fallback
        }
        return base
    }
}
