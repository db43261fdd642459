-- Why: what our scheduler remembers about a user, in milliseconds, apart from stock's columns so that neither disturbs
-- the other. A user without a row (adopted, or written by stock since) counts as due now.
-- Cost on a large database: none; the table starts empty.

CREATE TABLE tbx_user (
    auth_id TEXT NOT NULL PRIMARY KEY REFERENCES user_registry(auth_id) ON DELETE CASCADE,
    -- When the next poll is due; null is now.
    next_due_ms INTEGER,
    last_polled_ms INTEGER,
    last_success_ms INTEGER,
    -- A code and short text for people, never a key or a body.
    last_error TEXT,
    -- Failed polls since the last success.
    failure_count INTEGER NOT NULL DEFAULT 0,
    -- TorBox asked not to be called before this.
    retry_after_ms INTEGER,
    -- Why the user is not polled although active; null is not paused.
    paused_reason TEXT,
    -- What TorBox says about the account (plan, expiry), JSON, as last seen.
    torbox_account TEXT,
    created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
