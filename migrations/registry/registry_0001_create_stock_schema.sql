-- Why: the registry keeps the tables of TorBox Manager's stock backend at its last known level (master 010), so that a stock
-- file can be adopted in place and handed back. Every statement passes over what an adopted file already has.
-- Cost on a large database: none; nothing is rewritten.

CREATE TABLE IF NOT EXISTS schema_migrations (
    version TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_schema_migrations_version ON schema_migrations(version);

CREATE TABLE IF NOT EXISTS user_registry (
    auth_id TEXT PRIMARY KEY,
    db_path TEXT NOT NULL UNIQUE,
    status TEXT DEFAULT 'active',
    has_active_rules INTEGER DEFAULT 0,
    non_terminal_torrent_count INTEGER DEFAULT 0,
    next_poll_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    queued_uploads_count INTEGER DEFAULT 0,
    next_upload_attempt_at DATETIME,
    consecutive_auth_failures INTEGER DEFAULT 0,
    consecutive_plan_restricted_failures INTEGER DEFAULT 0,
    upload_tier TEXT NOT NULL DEFAULT 'limited',
    upload_retained_file_count INTEGER DEFAULT 0,
    upload_retained_storage_bytes INTEGER DEFAULT 0,
    last_seen_at DATETIME,
    prev_last_seen_at DATETIME
);
CREATE INDEX IF NOT EXISTS idx_user_registry_status ON user_registry(status);
CREATE INDEX IF NOT EXISTS idx_user_registry_polling ON user_registry(has_active_rules, next_poll_at, status);
CREATE INDEX IF NOT EXISTS idx_user_registry_uploads ON user_registry(queued_uploads_count, next_upload_attempt_at, status);
CREATE INDEX IF NOT EXISTS idx_user_registry_upload_queue ON user_registry(queued_uploads_count, next_upload_attempt_at);
CREATE INDEX IF NOT EXISTS idx_user_registry_upload_tier ON user_registry(upload_tier);
CREATE INDEX IF NOT EXISTS idx_user_registry_last_seen ON user_registry(last_seen_at);
CREATE INDEX IF NOT EXISTS idx_user_registry_created_at ON user_registry(created_at);

CREATE TABLE IF NOT EXISTS api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    auth_id TEXT NOT NULL UNIQUE REFERENCES user_registry(auth_id) ON DELETE CASCADE,
    encrypted_key TEXT NOT NULL,
    key_name TEXT,
    is_active BOOLEAN DEFAULT true,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_api_keys_active ON api_keys(is_active, auth_id);

CREATE TABLE IF NOT EXISTS pending_actions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    auth_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    rule_id INTEGER,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_pending_actions_auth_id ON pending_actions(auth_id);
CREATE INDEX IF NOT EXISTS idx_pending_actions_auth_rule ON pending_actions(auth_id, rule_id, id);
CREATE INDEX IF NOT EXISTS idx_pending_actions_created_at ON pending_actions(created_at);

INSERT OR IGNORE INTO schema_migrations(version, name) VALUES
    ('000', 'migrations_table'),
    ('001', 'master_user_registry'),
    ('002', 'add_upload_counters'),
    ('003', 'consecutive_auth_failures'),
    ('004', 'pending_actions'),
    ('005', 'fix_poll_timestamp'),
    ('006', 'consecutive_plan_restricted_failures'),
    ('007', 'pending_actions_created_at_index'),
    ('008', 'user_registry_upload_queues'),
    ('009', 'user_upload_tier_and_quota'),
    ('010', 'user_last_seen_at');
