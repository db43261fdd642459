extension StockSchema {
    static let user: [Step] = [
        (0, "migrations_table", bookkeeping),
        (
            1, "automation_rules_schema",
            """
            CREATE TABLE automation_rules (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
                enabled BOOLEAN DEFAULT true, trigger_config TEXT NOT NULL, conditions TEXT NOT NULL,
                action_config TEXT NOT NULL, metadata TEXT, cooldown_minutes INTEGER DEFAULT 0,
                last_executed_at DATETIME, execution_count INTEGER DEFAULT 0,
                created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            CREATE TABLE rule_execution_log (id INTEGER PRIMARY KEY AUTOINCREMENT, rule_id INTEGER NOT NULL,
                rule_name TEXT NOT NULL, execution_type TEXT NOT NULL, items_processed INTEGER DEFAULT 0,
                success BOOLEAN DEFAULT true, error_message TEXT, executed_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                FOREIGN KEY (rule_id) REFERENCES automation_rules(id) ON DELETE CASCADE);
            CREATE INDEX idx_automation_rules_enabled ON automation_rules(enabled);
            CREATE INDEX idx_rule_execution_log_rule_id ON rule_execution_log(rule_id, executed_at);
            """
        ),
        (
            2, "torrent_shadow_schema",
            """
            CREATE TABLE torrent_shadow (torrent_id TEXT PRIMARY KEY, last_total_downloaded INTEGER DEFAULT 0,
                last_total_uploaded INTEGER DEFAULT 0, last_state TEXT,
                created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (
            3, "torrent_telemetry_schema",
            """
            CREATE TABLE torrent_telemetry (torrent_id TEXT PRIMARY KEY, last_download_activity_at DATETIME,
                last_upload_activity_at DATETIME, stalled_since DATETIME, upload_stalled_since DATETIME,
                created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                FOREIGN KEY (torrent_id) REFERENCES torrent_shadow(torrent_id) ON DELETE CASCADE);
            CREATE INDEX idx_torrent_telemetry_stalled_since ON torrent_telemetry(stalled_since);
            """
        ),
        (
            4, "speed_history_schema",
            """
            CREATE TABLE speed_history (id INTEGER PRIMARY KEY AUTOINCREMENT, torrent_id TEXT NOT NULL,
                timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, total_downloaded INTEGER NOT NULL,
                total_uploaded INTEGER NOT NULL,
                FOREIGN KEY (torrent_id) REFERENCES torrent_shadow(torrent_id) ON DELETE CASCADE);
            CREATE INDEX idx_speed_history_torrent_timestamp ON speed_history(torrent_id, timestamp);
            """
        ),
        (
            5, "archived_downloads_schema",
            """
            CREATE TABLE archived_downloads (id INTEGER PRIMARY KEY AUTOINCREMENT, torrent_id TEXT NOT NULL,
                hash TEXT NOT NULL, tracker TEXT, name TEXT, archived_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                created_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            CREATE INDEX idx_archived_downloads_torrent_id ON archived_downloads(torrent_id);
            """
        ),
        (
            6, "custom_views_schema",
            """
            CREATE TABLE custom_views (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, filters TEXT NOT NULL,
                sort_field TEXT, sort_direction TEXT, visible_columns TEXT, asset_type TEXT,
                created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (
            7, "tags_schema",
            """
            CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
                created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (
            8, "download_tags_schema",
            """
            CREATE TABLE download_tags (id INTEGER PRIMARY KEY AUTOINCREMENT, tag_id INTEGER NOT NULL,
                download_id TEXT NOT NULL, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                FOREIGN KEY (tag_id) REFERENCES tags(id) ON DELETE CASCADE, UNIQUE(tag_id, download_id));
            """
        ),
        (9, "add_last_evaluated_at", "ALTER TABLE automation_rules ADD COLUMN last_evaluated_at DATETIME;"),
        (10, "deprecate_cooldown_minutes", "UPDATE automation_rules SET cooldown_minutes = 0;"),
        (
            11, "uploads_schema",
            """
            CREATE TABLE uploads (id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, upload_type TEXT NOT NULL,
                file_path TEXT, url TEXT, name TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'queued', error_message TEXT,
                retry_count INTEGER DEFAULT 0, seed INTEGER, allow_zip BOOLEAN DEFAULT true,
                as_queued BOOLEAN DEFAULT false, password TEXT, queue_order INTEGER NOT NULL DEFAULT 0,
                next_attempt_at DATETIME, last_processed_at DATETIME, completed_at DATETIME,
                file_deleted BOOLEAN DEFAULT false, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
                updated_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (
            12, "upload_attempts_schema",
            """
            CREATE TABLE upload_attempts (id INTEGER PRIMARY KEY AUTOINCREMENT, upload_id INTEGER, type TEXT NOT NULL,
                status_code INTEGER, success BOOLEAN NOT NULL, error_code TEXT, error_message TEXT,
                attempted_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (
            13, "link_history_schema",
            """
            CREATE TABLE link_history (id INTEGER PRIMARY KEY AUTOINCREMENT, item_id TEXT NOT NULL, file_id TEXT,
                url TEXT NOT NULL, asset_type TEXT NOT NULL, item_name TEXT, file_name TEXT,
                generated_at DATETIME DEFAULT CURRENT_TIMESTAMP, created_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (
            14, "unique_archived_downloads",
            "CREATE UNIQUE INDEX idx_archived_downloads_unique_torrent ON archived_downloads(torrent_id);"
        ),
        (15, "custom_views_search_query", "ALTER TABLE custom_views ADD COLUMN search_query TEXT;"),
        (
            16, "link_history_status",
            "ALTER TABLE link_history ADD COLUMN status TEXT NOT NULL DEFAULT 'success';"
        ),
        (
            17, "automation_rules_asset_types",
            #"ALTER TABLE automation_rules ADD COLUMN asset_types TEXT NOT NULL DEFAULT '["torrent"]';"#
        ),
        (
            18, "upload_torbox_result",
            """
            ALTER TABLE uploads ADD COLUMN torbox_hash TEXT;
            ALTER TABLE uploads ADD COLUMN torbox_torrent_id INTEGER;
            ALTER TABLE uploads ADD COLUMN torbox_auth_id TEXT;
            ALTER TABLE uploads ADD COLUMN add_only_if_cached BOOLEAN DEFAULT false;
            """
        ),
        (19, "upload_file_size", "ALTER TABLE uploads ADD COLUMN file_size_bytes INTEGER;"),
        (
            20, "protected_downloads_schema",
            """
            CREATE TABLE protected_downloads (download_id TEXT PRIMARY KEY,
                protected_at DATETIME DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (21, "custom_views_sort_order", "ALTER TABLE custom_views ADD COLUMN sort_order INTEGER;"),
        (
            22, "upload_attempts_is_cached",
            "ALTER TABLE upload_attempts ADD COLUMN is_cached INTEGER NOT NULL DEFAULT 0;"
        ),
        (
            23, "upload_attempts_budget_index",
            """
            CREATE INDEX idx_upload_attempts_budget_type_time ON upload_attempts(type, attempted_at) WHERE success = 1;
            """
        ),
        (
            24, "stremio_addons_schema",
            """
            CREATE TABLE stremio_addons (id INTEGER PRIMARY KEY AUTOINCREMENT, addon_id TEXT NOT NULL,
                manifest_url TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version TEXT, logo TEXT, description TEXT,
                manifest_json TEXT NOT NULL, resources_json TEXT NOT NULL, types_json TEXT NOT NULL,
                id_prefixes_json TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1,
                sort_order INTEGER NOT NULL DEFAULT 0, last_refresh TEXT,
                created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
            """
        ),
        (
            25, "tmdb_credentials_schema",
            """
            CREATE TABLE tmdb_credentials (id INTEGER PRIMARY KEY CHECK (id = 1), encrypted_api_key TEXT NOT NULL,
                updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
            """
        ),
    ]
}
