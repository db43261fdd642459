/// A column that a later version of stock added to a table of an earlier one.
struct StockColumn {
    var table: String
    var name: String
    var definition: String
    /// What that version filled it with.
    var filling: String?

    /// In the order of stock's migrations. Source: storage notes, sections 5 and 7.
    static let additions = [
        StockColumn(
            table: "automation_rules", name: "last_evaluated_at", definition: "DATETIME",
            filling: "UPDATE automation_rules SET last_evaluated_at = last_executed_at"),
        StockColumn(table: "custom_views", name: "search_query", definition: "TEXT"),
        StockColumn(table: "link_history", name: "status", definition: "TEXT NOT NULL DEFAULT 'success'"),
        StockColumn(
            table: "automation_rules", name: "asset_types", definition: #"TEXT NOT NULL DEFAULT '["torrent"]'"#),
        StockColumn(table: "uploads", name: "torbox_hash", definition: "TEXT"),
        StockColumn(table: "uploads", name: "torbox_torrent_id", definition: "INTEGER"),
        StockColumn(table: "uploads", name: "torbox_auth_id", definition: "TEXT"),
        StockColumn(table: "uploads", name: "add_only_if_cached", definition: "BOOLEAN DEFAULT false"),
        StockColumn(table: "uploads", name: "file_size_bytes", definition: "INTEGER"),
        StockColumn(
            table: "custom_views", name: "sort_order", definition: "INTEGER",
            // Newest first, from 0.
            filling: """
                UPDATE custom_views SET sort_order = (SELECT count(*) FROM custom_views other
                    WHERE other.created_at > custom_views.created_at
                        OR (other.created_at = custom_views.created_at AND other.id > custom_views.id))
                """),
        StockColumn(table: "upload_attempts", name: "is_cached", definition: "INTEGER NOT NULL DEFAULT 0"),
    ]
}
