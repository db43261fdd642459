/// The schemas that versions of the stock backend left behind, step by step as its migrations took them.
package enum StockSchema: String, Sendable, CaseIterable {
    /// The first version.
    case january
    /// Somewhere on the way.
    case middle
    /// The last known one.
    case newest

    var masterLevel: Int {
        switch self {
        case .january: 1
        case .middle: 6
        case .newest: 10
        }
    }

    package var userLevel: Int {
        switch self {
        case .january: 5
        case .middle: 16
        case .newest: 25
        }
    }

    /// A step: number, name, statements.
    typealias Step = (number: Int, name: String, sql: String)

    static let bookkeeping = """
        CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL,
            applied_at DATETIME DEFAULT CURRENT_TIMESTAMP);
        CREATE INDEX idx_schema_migrations_version ON schema_migrations(version);
        """

    static let master: [Step] = [
        (0, "migrations_table", bookkeeping),
        (
            1, "master_user_registry",
            """
            CREATE TABLE user_registry (auth_id TEXT PRIMARY KEY, db_path TEXT NOT NULL UNIQUE, status TEXT DEFAULT 'active',
                has_active_rules INTEGER DEFAULT 0, non_terminal_torrent_count INTEGER DEFAULT 0,
                next_poll_at DATETIME DEFAULT CURRENT_TIMESTAMP, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                updated_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            CREATE TABLE api_keys (id INTEGER PRIMARY KEY AUTOINCREMENT, auth_id TEXT NOT NULL UNIQUE,
                encrypted_key TEXT NOT NULL, key_name TEXT, is_active BOOLEAN DEFAULT true,
                created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                FOREIGN KEY (auth_id) REFERENCES user_registry(auth_id) ON DELETE CASCADE);
            CREATE INDEX idx_user_registry_status ON user_registry(status);
            """
        ),
        (
            2, "add_upload_counters",
            """
            ALTER TABLE user_registry ADD COLUMN queued_uploads_count INTEGER DEFAULT 0;
            ALTER TABLE user_registry ADD COLUMN next_upload_attempt_at DATETIME;
            """
        ),
        (
            3, "consecutive_auth_failures",
            "ALTER TABLE user_registry ADD COLUMN consecutive_auth_failures INTEGER DEFAULT 0;"
        ),
        (
            4, "pending_actions",
            """
            CREATE TABLE pending_actions (id INTEGER PRIMARY KEY AUTOINCREMENT, auth_id TEXT NOT NULL,
                payload TEXT NOT NULL, rule_id INTEGER, created_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (5, "fix_poll_timestamp", ""),
        (
            6, "consecutive_plan_restricted_failures",
            "ALTER TABLE user_registry ADD COLUMN consecutive_plan_restricted_failures INTEGER DEFAULT 0;"
        ),
        (
            7, "pending_actions_created_at_index",
            "CREATE INDEX idx_pending_actions_created_at ON pending_actions(created_at);"
        ),
        (8, "user_registry_upload_queues", ""),
        (
            9, "user_upload_tier_and_quota",
            """
            ALTER TABLE user_registry ADD COLUMN upload_tier TEXT NOT NULL DEFAULT 'limited';
            ALTER TABLE user_registry ADD COLUMN upload_retained_file_count INTEGER DEFAULT 0;
            ALTER TABLE user_registry ADD COLUMN upload_retained_storage_bytes INTEGER DEFAULT 0;
            """
        ),
        (
            10, "user_last_seen_at",
            """
            ALTER TABLE user_registry ADD COLUMN last_seen_at DATETIME;
            ALTER TABLE user_registry ADD COLUMN prev_last_seen_at DATETIME;
            """
        ),
    ]
}
