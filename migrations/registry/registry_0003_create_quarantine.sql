-- Why: a user whose work ends the process, or whose file is damaged, is held back for growing pauses so that all others of
-- the slot go on; kept here so that no restart forgets it. A row without `until_ms` is only a suspicion.
-- Cost on a large database: none; the table starts empty and holds troubled users only.

CREATE TABLE tbx_quarantine (
    auth_id TEXT NOT NULL PRIMARY KEY REFERENCES user_registry(auth_id) ON DELETE CASCADE,
    -- 'poll' or 'request' (what was under way when the process died), 'damage' (of the user's file).
    cause TEXT NOT NULL,
    -- Deaths, or looks at the file that found it damaged, since the user was last sound.
    incidents INTEGER NOT NULL,
    last_incident_ms INTEGER NOT NULL,
    -- Nothing is done for the user before this; null is a suspicion.
    until_ms INTEGER,
    -- For 'request': the operations that were under way and have not ended well since, comma-separated; else empty.
    operations TEXT NOT NULL,
    -- What the latest incident is known by: the breadcrumb file of the dead process, or the damaged file's identity.
    evidence TEXT NOT NULL
) STRICT, WITHOUT ROWID;
