-- Why: what polls have seen of each download, keyed by kind, queued or listed, and number, because bare numbers of the
-- three kinds and of the queues coincide. Stock's shadow, telemetry and speed tables stay but are not used.
-- Cost on a large database: none; the tables start empty.

-- The last complete snapshot of each kind. An item with no misses was seen then, so rows need no touch at every poll.
CREATE TABLE tbx_snapshot (
    asset TEXT NOT NULL PRIMARY KEY,
    completed_ms INTEGER NOT NULL,
    item_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tbx_item (
    item_pk INTEGER PRIMARY KEY,
    asset TEXT NOT NULL,
    queued INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    hash TEXT,
    name TEXT,
    state TEXT,
    downloaded INTEGER,
    uploaded INTEGER,
    progress REAL,
    first_seen_ms INTEGER NOT NULL,
    -- When the row was last written for a snapshot that held the item.
    last_seen_ms INTEGER NOT NULL,
    -- Complete snapshots in a row without the item, and when the first of them was.
    misses INTEGER NOT NULL DEFAULT 0,
    missing_since_ms INTEGER,
    last_download_ms INTEGER,
    last_upload_ms INTEGER,
    download_stalled_ms INTEGER,
    upload_stalled_ms INTEGER,
    -- The moments that progress is measured from: the last one, or the start of waiting for some.
    download_watched_ms INTEGER NOT NULL,
    upload_watched_ms INTEGER NOT NULL,
    -- When the newest speed sample was taken.
    sampled_ms INTEGER,
    UNIQUE (asset, queued, item_id)
) STRICT;
CREATE INDEX tbx_item_hash ON tbx_item(hash) WHERE hash IS NOT NULL;
CREATE INDEX tbx_item_bare_id ON tbx_item(item_id);

CREATE TABLE tbx_sample (
    item_pk INTEGER NOT NULL REFERENCES tbx_item(item_pk) ON DELETE CASCADE,
    at_ms INTEGER NOT NULL,
    downloaded INTEGER NOT NULL,
    uploaded INTEGER NOT NULL,
    PRIMARY KEY (item_pk, at_ms)
) STRICT, WITHOUT ROWID;
