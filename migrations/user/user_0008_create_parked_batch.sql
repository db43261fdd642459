-- Why: what a rule wanted to destroy and may not before a person says so, as one thing that can be listed, approved and
-- rejected; its items are rows of the journal. And an index for journal rows that no log row tells of, which is how the
-- log of a run that a crash cut off is written later.
-- Cost on a large database: one pass over the journal for each of the two indexes.

CREATE TABLE tbx_parked_batch (
    batch_id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_id INTEGER NOT NULL,
    rule_name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    action TEXT NOT NULL,
    -- limit: more than the rule may destroy at once; breaker: many users' rules matched far more than before.
    reason TEXT NOT NULL,
    item_limit INTEGER NOT NULL,
    library_size INTEGER NOT NULL,
    -- open, approved, rejected, withdrawn
    state TEXT NOT NULL,
    -- The execution log row that tells of the parking.
    log_id INTEGER,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    decided_ms INTEGER,
    -- Set once nothing of it is left to do or to remember; until then every poll looks at it.
    closed_ms INTEGER
) STRICT;
CREATE INDEX tbx_parked_batch_live ON tbx_parked_batch(rule_id) WHERE closed_ms IS NULL;
CREATE UNIQUE INDEX tbx_parked_batch_open ON tbx_parked_batch(rule_id) WHERE state = 'open' AND closed_ms IS NULL;

ALTER TABLE tbx_action ADD COLUMN batch_id INTEGER;
CREATE INDEX tbx_action_batch ON tbx_action(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX tbx_action_unlogged ON tbx_action(rule_id) WHERE log_id IS NULL;

-- Parked before there were batches: the next poll parks them anew.
UPDATE tbx_action SET state = 'dropped', detail = 'decided anew', finished_ms = created_ms WHERE state = 'parked';
