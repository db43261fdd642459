-- Why: every new download was written into the indexes on hash and bare number too, the first in no order, which is a third of
-- the time that a first poll of a thousand spends in SQLite. Those few who protect downloads look up numbers by the key's
-- index, one look-up for each kind, and hashes in one pass.
-- Cost on a large database: two lists of pages are freed; the file does not shrink, the pages are used again.

DROP INDEX tbx_item_hash;
DROP INDEX tbx_item_bare_id;
