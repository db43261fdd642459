-- Why: durable intent before every call at TorBox, and the log per item after it, in one row that lives through
-- planned, sent, acknowledged, observed (or failed, unknown, skipped, parked, dropped). No foreign keys: the journal
-- outlives rules, log rows and items.
-- Cost on a large database: none; the table starts empty.

CREATE TABLE tbx_action (
    action_id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The execution log row that sums up the run; null until it is written.
    log_id INTEGER,
    rule_id INTEGER NOT NULL,
    rule_name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    asset TEXT NOT NULL,
    queued INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    hash TEXT,
    item_name TEXT,
    action TEXT NOT NULL,
    parameters TEXT,
    evidence TEXT,
    state TEXT NOT NULL,
    detail TEXT,
    created_ms INTEGER NOT NULL,
    sent_ms INTEGER,
    finished_ms INTEGER,
    observed_ms INTEGER
) STRICT;
-- Only open states are looked up, and the finished rows are nearly all rows.
CREATE INDEX tbx_action_open ON tbx_action(state)
    WHERE state IN ('planned', 'sent', 'acknowledged', 'unknown', 'parked');
CREATE INDEX tbx_action_rule ON tbx_action(rule_id, action_id);
CREATE INDEX tbx_action_item ON tbx_action(asset, queued, item_id);
CREATE INDEX tbx_action_log ON tbx_action(log_id) WHERE log_id IS NOT NULL;
CREATE INDEX tbx_action_finished ON tbx_action(finished_ms) WHERE finished_ms IS NOT NULL;
