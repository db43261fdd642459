-- Why: the condition of this index named the open states in a list, and SQLite makes a table of such a list, twice 64 KiB to be
-- cleared, whenever it writes a row of the journal: four times for each action. Comparisons cost nothing of the kind.
-- Cost on a large database: one pass over the journal.

DROP INDEX tbx_action_open;
CREATE INDEX tbx_action_open ON tbx_action(state)
    WHERE state = 'planned' OR state = 'sent' OR state = 'acknowledged' OR state = 'unknown' OR state = 'parked';
