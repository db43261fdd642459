-- Why: TorBox says with each create how much of a budget is left. A worker that starts anew has to know it before its
-- first create, or it asks TorBox for what was refused already.
-- Cost on a large database: none.

CREATE TABLE tbx_upload_allowance (
    type TEXT NOT NULL PRIMARY KEY,
    budget INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    reset_ms INTEGER,
    said_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
