-- Why: as `create_quarantine` of the embedded registry: users whose work ends the process, or whose file is damaged, are held back.
-- Cost on a large database: none; the table starts empty and holds troubled users only.

CREATE TABLE tbx_quarantine (
    auth_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES user_registry(auth_id) ON DELETE CASCADE,
    cause TEXT NOT NULL,
    incidents BIGINT NOT NULL,
    last_incident_ms BIGINT NOT NULL,
    until_ms BIGINT,
    operations TEXT NOT NULL,
    evidence TEXT NOT NULL
);
