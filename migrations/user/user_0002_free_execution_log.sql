-- Why: our execution log outlives its rule, so the log must not be tied to it by a foreign key. SQLite cannot drop one;
-- the table is written anew, in fresh and in adopted files alike. Nothing refers to this table, and rows of rules that
-- are gone already (stock of January 2026 left some) stay.
-- Cost on a large database: copies the log once, about 1 s per million rows.

CREATE TABLE tbx_execution_log_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_id INTEGER NOT NULL,
    rule_name TEXT NOT NULL,
    execution_type TEXT NOT NULL,
    items_processed INTEGER DEFAULT 0,
    success BOOLEAN DEFAULT true,
    error_message TEXT,
    executed_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO tbx_execution_log_new
    SELECT id, rule_id, rule_name, execution_type, items_processed, success, error_message, executed_at
    FROM rule_execution_log;
DROP TABLE rule_execution_log;
ALTER TABLE tbx_execution_log_new RENAME TO rule_execution_log;
CREATE INDEX idx_rule_execution_log_rule_id ON rule_execution_log(rule_id, executed_at);
