import GRDB
import Storage
import Testing

/// Files as stock's newest version leaves them, written by hand after its documented schema, its habits included.
@Suite struct AdoptionTests {
    private func adopt(_ kind: DatabaseKind, _ sql: String) async throws -> DatabaseQueue {
        try await withTemporaryFolder { folder in
            // Stock of January 2026 never enabled foreign keys, so orphans are possible.
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let stock = try DatabaseQueue(path: "\(folder)/a.sqlite", configuration: configuration)
            try stock.inDatabase { try $0.execute(sql: sql) }
            try stock.close()
            let adopted = try DatabaseFile.open(path: "\(folder)/a.sqlite", kind: kind)
            try kind.migrator.migrate(adopted, kind: kind, now: .noon)
            let copy = try DatabaseFile.openInMemory(kind: kind)
            try adopted.backup(to: copy)
            return copy
        }
    }

    private static let stockUser = """
        CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL,
            applied_at DATETIME DEFAULT CURRENT_TIMESTAMP);
        INSERT INTO schema_migrations VALUES ('000', 'migrations_table', '2026-03-01 10:00:00');
        CREATE TABLE automation_rules (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, enabled BOOLEAN DEFAULT true,
            trigger_config TEXT NOT NULL, conditions TEXT NOT NULL, action_config TEXT NOT NULL, metadata TEXT,
            cooldown_minutes INTEGER DEFAULT 0, last_executed_at DATETIME, execution_count INTEGER DEFAULT 0,
            created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
            last_evaluated_at DATETIME, asset_types TEXT NOT NULL DEFAULT '["torrent"]');
        INSERT INTO automation_rules(id, name, trigger_config, conditions, action_config, execution_count)
            VALUES (7, 'Trim', '{"type":"interval","value":30}', '[]', 'null', 3);
        CREATE TABLE rule_execution_log (id INTEGER PRIMARY KEY AUTOINCREMENT,
            rule_id INTEGER NOT NULL, rule_name TEXT NOT NULL, execution_type TEXT NOT NULL,
            items_processed INTEGER DEFAULT 0, success BOOLEAN DEFAULT true, error_message TEXT,
            executed_at DATETIME DEFAULT CURRENT_TIMESTAMP,
            FOREIGN KEY (rule_id) REFERENCES automation_rules(id) ON DELETE CASCADE);
        CREATE INDEX idx_rule_execution_log_rule_id ON rule_execution_log(rule_id, executed_at);
        INSERT INTO rule_execution_log(id, rule_id, rule_name, execution_type, executed_at)
            VALUES (40, 7, 'Trim', 'execution', '2026-08-01 08:00:00'), (41, 3, 'Gone', 'execution', '2026-08-01 09:00:00');
        CREATE TABLE archived_downloads (id INTEGER PRIMARY KEY AUTOINCREMENT, torrent_id TEXT NOT NULL, hash TEXT NOT NULL,
            tracker TEXT, name TEXT, archived_at DATETIME DEFAULT CURRENT_TIMESTAMP,
            created_at DATETIME DEFAULT CURRENT_TIMESTAMP);
        INSERT INTO archived_downloads(torrent_id, hash) VALUES ('12.0', 'ab');
        """

    @Test("a stock user file keeps its rows, gets our tables, and ends with the reviewed schema") func user()
        async throws
    {
        let queue = try await adopt(.somebody, Self.stockUser)
        #expect(try queue.strings("SELECT id || name || execution_count FROM automation_rules") == ["7Trim3"])
        #expect(try queue.strings("SELECT torrent_id FROM archived_downloads") == ["12.0"])
        #expect(
            try queue.strings("SELECT applied_at FROM schema_migrations WHERE version = '000'") == [
                "2026-03-01 10:00:00"
            ])
        #expect(try queue.strings("SELECT count(*) FROM tbx_rule") == ["0"])
        let schema = try queue.inDatabase(SchemaDescription.lines).joined(separator: "\n")
        #expect(schema == GoldenSchema.user)
    }

    @Test("its execution log keeps rows, ids and orphans, and now outlives the rules") func log() async throws {
        let queue = try await adopt(.somebody, Self.stockUser)
        try queue.inDatabase { try $0.execute(sql: "DELETE FROM automation_rules") }
        #expect(
            try queue.strings("SELECT id || ':' || rule_id FROM rule_execution_log ORDER BY id") == ["40:7", "41:3"])
        try queue.inDatabase { db in
            try db.execute(
                sql: "INSERT INTO rule_execution_log(rule_id, rule_name, execution_type) VALUES (99, 'x', 'execution')")
        }
        #expect(try queue.strings("SELECT max(id) FROM rule_execution_log") == ["42"])
    }

    @Test("a stock registry keeps its users and keys and ends with the reviewed schema") func registry() async throws {
        let queue = try await adopt(
            .registry,
            """
            CREATE TABLE user_registry (auth_id TEXT PRIMARY KEY, db_path TEXT NOT NULL UNIQUE, status TEXT DEFAULT 'active',
                has_active_rules INTEGER DEFAULT 0, non_terminal_torrent_count INTEGER DEFAULT 0,
                next_poll_at DATETIME DEFAULT CURRENT_TIMESTAMP, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                updated_at DATETIME DEFAULT CURRENT_TIMESTAMP, queued_uploads_count INTEGER DEFAULT 0,
                next_upload_attempt_at DATETIME, consecutive_auth_failures INTEGER DEFAULT 0,
                consecutive_plan_restricted_failures INTEGER DEFAULT 0, upload_tier TEXT NOT NULL DEFAULT 'limited',
                upload_retained_file_count INTEGER DEFAULT 0, upload_retained_storage_bytes INTEGER DEFAULT 0,
                last_seen_at DATETIME, prev_last_seen_at DATETIME);
            INSERT INTO user_registry(auth_id, db_path, upload_tier) VALUES ('aa', '/app/data/users/user_aa.sqlite', 'unlimited');
            CREATE TABLE api_keys (id INTEGER PRIMARY KEY AUTOINCREMENT, auth_id TEXT NOT NULL UNIQUE,
                encrypted_key TEXT NOT NULL, key_name TEXT, is_active BOOLEAN DEFAULT true,
                created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                FOREIGN KEY (auth_id) REFERENCES user_registry(auth_id) ON DELETE CASCADE);
            INSERT INTO api_keys(auth_id, encrypted_key) VALUES ('aa', '00:11:22');
            """)
        #expect(try queue.strings("SELECT auth_id || upload_tier FROM user_registry") == ["aaunlimited"])
        #expect(try queue.strings("SELECT auth_id || encrypted_key FROM api_keys") == ["aa00:11:22"])
        let schema = try queue.inDatabase(SchemaDescription.lines).joined(separator: "\n")
        #expect(schema == GoldenSchema.registry)
    }

    @Test("a file of an older stock version is refused whole, with the missing column in the error") func tooOld()
        async throws
    {
        let error = try await #require(throws: StorageError.self) {
            _ = try await adopt(
                .registry,
                """
                CREATE TABLE user_registry (auth_id TEXT PRIMARY KEY, db_path TEXT NOT NULL UNIQUE, status TEXT,
                    has_active_rules INTEGER, non_terminal_torrent_count INTEGER, next_poll_at DATETIME, created_at DATETIME,
                    updated_at DATETIME)
                """)
        }
        #expect(error.message.contains("registry_0001_create_stock_schema.sql"))
        #expect(error.message.contains("queued_uploads_count"))
    }
}
