package import GRDB
import Storage

/// How many rows a user's tables have.
package enum TableCounts {
    /// As administrators see them. Source: REST contract, section 2.9.
    package static let names = [
        "automation_rules", "torrent_shadow", "torrent_telemetry", "speed_history", "archived_downloads",
        "custom_views", "tags", "download_tags",
    ]

    /// Where our own tables have taken a stock table's place.
    private static let successors = [
        "torrent_shadow": "tbx_item", "torrent_telemetry": "tbx_item", "speed_history": "tbx_sample",
    ]

    /// Rows by table; a table that the file lacks is missing.
    package static func read(_ db: Database) throws -> [String: Int64] {
        try names.reduce(into: [:]) { counts, name in
            let table = successors[name] ?? name
            guard try db.hasTable(table) else { return }
            counts[name] = try Int64.fetchOne(db, sql: "SELECT count(*) FROM \(table)")
        }
    }
}
