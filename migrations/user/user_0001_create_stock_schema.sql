-- Why: a user file keeps the tables of TorBox Manager's stock backend at its last known level (user 025), so that a stock file
-- can be adopted in place and handed back. Every statement passes over what an adopted file already has.
-- Cost on a large database: none; nothing is rewritten.

CREATE TABLE IF NOT EXISTS schema_migrations (
    version TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_schema_migrations_version ON schema_migrations(version);

CREATE TABLE IF NOT EXISTS automation_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    enabled BOOLEAN DEFAULT true,
    trigger_config TEXT NOT NULL,
    conditions TEXT NOT NULL,
    action_config TEXT NOT NULL,
    metadata TEXT,
    cooldown_minutes INTEGER DEFAULT 0,
    last_executed_at DATETIME,
    execution_count INTEGER DEFAULT 0,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    last_evaluated_at DATETIME,
    asset_types TEXT NOT NULL DEFAULT '["torrent"]'
);
CREATE INDEX IF NOT EXISTS idx_automation_rules_enabled ON automation_rules(enabled);
CREATE INDEX IF NOT EXISTS idx_automation_rules_cooldown ON automation_rules(enabled, last_executed_at);
CREATE INDEX IF NOT EXISTS idx_automation_rules_evaluation ON automation_rules(enabled, last_evaluated_at);

CREATE TABLE IF NOT EXISTS rule_execution_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_id INTEGER NOT NULL REFERENCES automation_rules(id) ON DELETE CASCADE,
    rule_name TEXT NOT NULL,
    execution_type TEXT NOT NULL,
    items_processed INTEGER DEFAULT 0,
    success BOOLEAN DEFAULT true,
    error_message TEXT,
    executed_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_rule_execution_log_rule_id ON rule_execution_log(rule_id, executed_at);

CREATE TABLE IF NOT EXISTS torrent_shadow (
    torrent_id TEXT PRIMARY KEY,
    last_total_downloaded INTEGER DEFAULT 0,
    last_total_uploaded INTEGER DEFAULT 0,
    last_state TEXT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS torrent_telemetry (
    torrent_id TEXT PRIMARY KEY REFERENCES torrent_shadow(torrent_id) ON DELETE CASCADE,
    last_download_activity_at DATETIME,
    last_upload_activity_at DATETIME,
    stalled_since DATETIME,
    upload_stalled_since DATETIME,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_torrent_telemetry_stalled_since ON torrent_telemetry(stalled_since);

CREATE TABLE IF NOT EXISTS speed_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    torrent_id TEXT NOT NULL REFERENCES torrent_shadow(torrent_id) ON DELETE CASCADE,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP,
    total_downloaded INTEGER NOT NULL,
    total_uploaded INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_speed_history_torrent_timestamp ON speed_history(torrent_id, timestamp);
CREATE INDEX IF NOT EXISTS idx_speed_history_timestamp ON speed_history(timestamp);

CREATE TABLE IF NOT EXISTS archived_downloads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    torrent_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    tracker TEXT,
    name TEXT,
    archived_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_archived_downloads_torrent_id ON archived_downloads(torrent_id);
CREATE INDEX IF NOT EXISTS idx_archived_downloads_hash ON archived_downloads(hash);
CREATE INDEX IF NOT EXISTS idx_archived_downloads_archived_at ON archived_downloads(archived_at DESC);
CREATE UNIQUE INDEX IF NOT EXISTS idx_archived_downloads_unique_torrent ON archived_downloads(torrent_id);

CREATE TABLE IF NOT EXISTS custom_views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    filters TEXT NOT NULL,
    sort_field TEXT,
    sort_direction TEXT,
    visible_columns TEXT,
    asset_type TEXT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    search_query TEXT,
    sort_order INTEGER
);
CREATE INDEX IF NOT EXISTS idx_custom_views_name ON custom_views(name);
CREATE INDEX IF NOT EXISTS idx_custom_views_asset_type ON custom_views(asset_type);
CREATE INDEX IF NOT EXISTS idx_custom_views_sort_order ON custom_views(sort_order);

CREATE TABLE IF NOT EXISTS tags (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_tags_name ON tags(name);

CREATE TABLE IF NOT EXISTS download_tags (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE,
    download_id TEXT NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    UNIQUE(tag_id, download_id)
);
CREATE INDEX IF NOT EXISTS idx_download_tags_tag_id ON download_tags(tag_id);
CREATE INDEX IF NOT EXISTS idx_download_tags_download_id ON download_tags(download_id);

CREATE TABLE IF NOT EXISTS protected_downloads (
    download_id TEXT PRIMARY KEY,
    protected_at DATETIME DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS link_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id TEXT NOT NULL,
    file_id TEXT,
    url TEXT NOT NULL,
    asset_type TEXT NOT NULL,
    item_name TEXT,
    file_name TEXT,
    generated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    status TEXT NOT NULL DEFAULT 'success'
);
CREATE INDEX IF NOT EXISTS idx_link_history_item_file ON link_history(item_id, file_id, asset_type);
CREATE INDEX IF NOT EXISTS idx_link_history_generated_at ON link_history(generated_at DESC);
CREATE INDEX IF NOT EXISTS idx_link_history_item_id ON link_history(item_id);
CREATE INDEX IF NOT EXISTS idx_link_history_item_name ON link_history(item_name);

CREATE TABLE IF NOT EXISTS uploads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    upload_type TEXT NOT NULL,
    file_path TEXT,
    url TEXT,
    name TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued',
    error_message TEXT,
    retry_count INTEGER DEFAULT 0,
    seed INTEGER,
    allow_zip BOOLEAN DEFAULT true,
    as_queued BOOLEAN DEFAULT false,
    password TEXT,
    queue_order INTEGER NOT NULL DEFAULT 0,
    next_attempt_at DATETIME,
    last_processed_at DATETIME,
    completed_at DATETIME,
    file_deleted BOOLEAN DEFAULT false,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    torbox_hash TEXT,
    torbox_torrent_id INTEGER,
    torbox_auth_id TEXT,
    add_only_if_cached BOOLEAN DEFAULT false,
    file_size_bytes INTEGER
);
CREATE INDEX IF NOT EXISTS idx_uploads_status ON uploads(status, type);
CREATE INDEX IF NOT EXISTS idx_uploads_queue_order ON uploads(status, type, queue_order);
CREATE INDEX IF NOT EXISTS idx_uploads_created_at ON uploads(created_at DESC);
CREATE INDEX IF NOT EXISTS idx_uploads_dequeue ON uploads(status, type, next_attempt_at, queue_order);
CREATE INDEX IF NOT EXISTS idx_uploads_file_deleted ON uploads(file_deleted, completed_at);

CREATE TABLE IF NOT EXISTS upload_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    upload_id INTEGER,
    type TEXT NOT NULL,
    status_code INTEGER,
    success BOOLEAN NOT NULL,
    error_code TEXT,
    error_message TEXT,
    attempted_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    is_cached INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS idx_upload_attempts_type_time ON upload_attempts(type, attempted_at);
CREATE INDEX IF NOT EXISTS idx_upload_attempts_upload_id ON upload_attempts(upload_id);
CREATE INDEX IF NOT EXISTS idx_upload_attempts_attempted_at ON upload_attempts(attempted_at DESC);
CREATE INDEX IF NOT EXISTS idx_upload_attempts_budget_type_time ON upload_attempts(type, attempted_at) WHERE success = 1;

CREATE TABLE IF NOT EXISTS stremio_addons (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    addon_id TEXT NOT NULL,
    manifest_url TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    version TEXT,
    logo TEXT,
    description TEXT,
    manifest_json TEXT NOT NULL,
    resources_json TEXT NOT NULL,
    types_json TEXT NOT NULL,
    id_prefixes_json TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1,
    sort_order INTEGER NOT NULL DEFAULT 0,
    last_refresh TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX IF NOT EXISTS idx_stremio_addons_addon_id ON stremio_addons(addon_id);
CREATE INDEX IF NOT EXISTS idx_stremio_addons_sort_order ON stremio_addons(sort_order);

CREATE TABLE IF NOT EXISTS tmdb_credentials (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    encrypted_api_key TEXT NOT NULL,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

INSERT OR IGNORE INTO schema_migrations(version, name) VALUES
    ('000', 'migrations_table'),
    ('001', 'automation_rules_schema'),
    ('002', 'torrent_shadow_schema'),
    ('003', 'torrent_telemetry_schema'),
    ('004', 'speed_history_schema'),
    ('005', 'archived_downloads_schema'),
    ('006', 'custom_views_schema'),
    ('007', 'tags_schema'),
    ('008', 'download_tags_schema'),
    ('009', 'add_last_evaluated_at'),
    ('010', 'deprecate_cooldown_minutes'),
    ('011', 'uploads_schema'),
    ('012', 'upload_attempts_schema'),
    ('013', 'link_history_schema'),
    ('014', 'unique_archived_downloads'),
    ('015', 'custom_views_search_query'),
    ('016', 'link_history_status'),
    ('017', 'automation_rules_asset_types'),
    ('018', 'upload_torbox_result'),
    ('019', 'upload_file_size'),
    ('020', 'protected_downloads_schema'),
    ('021', 'custom_views_sort_order'),
    ('022', 'upload_attempts_is_cached'),
    ('023', 'upload_attempts_budget_index'),
    ('024', 'stremio_addons_schema'),
    ('025', 'tmdb_credentials_schema');
