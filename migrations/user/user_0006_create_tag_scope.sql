-- Why: stock keys tags by bare download number, which torrents, usenet, web downloads and queues share. Its table stays
-- the truth for the REST contract; a row here narrows one of its rows to one item. A row of stock's without a scope was
-- set through REST by bare number and counts for every item with that number, as it always did.
-- Cost on a large database: none; the table starts empty.

CREATE TABLE tbx_tag_scope (
    tag_id INTEGER NOT NULL,
    download_id TEXT NOT NULL,
    asset TEXT NOT NULL,
    queued INTEGER NOT NULL,
    PRIMARY KEY (tag_id, download_id, asset, queued),
    FOREIGN KEY (tag_id, download_id) REFERENCES download_tags(tag_id, download_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
