-- Why: SQLite reads and checks every index of a file whenever it opens it, and writes them all into each new file. These serve
-- nobody: another index begins with the same columns, or the table never has more than some dozen rows. A file that is handed
-- back to stock works without them as it does with them.
-- Cost on a large database: their pages go onto the free list; link_history and uploads may have some hundred thousand rows.

DROP INDEX IF EXISTS idx_schema_migrations_version;
DROP INDEX IF EXISTS idx_automation_rules_enabled;
DROP INDEX IF EXISTS idx_automation_rules_cooldown;
DROP INDEX IF EXISTS idx_automation_rules_evaluation;
DROP INDEX IF EXISTS idx_archived_downloads_torrent_id;
DROP INDEX IF EXISTS idx_custom_views_name;
DROP INDEX IF EXISTS idx_custom_views_asset_type;
DROP INDEX IF EXISTS idx_custom_views_sort_order;
DROP INDEX IF EXISTS idx_tags_name;
DROP INDEX IF EXISTS idx_download_tags_tag_id;
DROP INDEX IF EXISTS idx_link_history_item_id;
DROP INDEX IF EXISTS idx_uploads_status;
DROP INDEX IF EXISTS idx_stremio_addons_sort_order;
