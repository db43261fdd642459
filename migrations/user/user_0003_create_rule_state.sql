-- Why: what stock's rule table has no column for. A rule without a row here (adopted, or added by stock since) has
-- revision 1 and was never evaluated by us.
-- Cost on a large database: none; the table starts empty.

CREATE TABLE tbx_rule (
    rule_id INTEGER PRIMARY KEY REFERENCES automation_rules(id) ON DELETE CASCADE,
    -- Rises with every change of what the rule does or whether it runs; planned actions are bound to it.
    revision INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    evaluated_ms INTEGER,
    evaluated_revision INTEGER,
    -- Why a person should look at the rule; null is nothing to see.
    attention TEXT,
    -- Why the backend, not the user, switched the rule off.
    disabled_reason TEXT
) STRICT;
