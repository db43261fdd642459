-- Why: a user's id is the hash of the API key that came first, and TorBox lets people have a new key. A later key of the same
-- TorBox account is attached to the user: its own hash becomes an alias that leads to the user's id.
-- Cost on a large database: one column is added, which rewrites nothing.

ALTER TABLE tbx_user ADD COLUMN account_id INTEGER;
CREATE INDEX idx_tbx_user_account ON tbx_user(account_id) WHERE account_id IS NOT NULL;

CREATE TABLE tbx_key_alias (
    -- The id that the newest key would have as a user of its own.
    alias_id TEXT NOT NULL PRIMARY KEY,
    -- Only the newest key is good, so a user has one at most.
    auth_id TEXT NOT NULL UNIQUE REFERENCES user_registry(auth_id) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
