-- Why: stock protects bare download numbers. A protected download that is removed and added again has a new number; its
-- hash says that it is the same one. A row binds a protected number to the hash of an item seen under it and goes with
-- the number's protection.
-- Cost on a large database: none; the table starts empty, and the first poll fills in the numbers protected before.

CREATE TABLE tbx_protected_hash (
    -- As in protected_downloads. No foreign key: stock writes that table too, and its ids may end in `.0`.
    item_id INTEGER NOT NULL,
    asset TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (item_id, asset, hash)
) STRICT, WITHOUT ROWID;
