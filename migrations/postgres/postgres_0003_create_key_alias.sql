-- Why: as `create_key_alias` of the embedded registry: later API keys of a known TorBox account lead to the same user.
-- Cost on a large database: one column is added, which rewrites nothing.

ALTER TABLE tbx_user ADD COLUMN account_id BIGINT;
CREATE INDEX idx_tbx_user_account ON tbx_user(account_id) WHERE account_id IS NOT NULL;

CREATE TABLE tbx_key_alias (
    alias_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    auth_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES user_registry(auth_id) ON DELETE CASCADE,
    created_ms BIGINT NOT NULL
);
