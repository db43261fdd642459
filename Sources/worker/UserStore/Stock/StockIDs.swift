import GRDB

/// Download numbers in text columns: stock's runtime wrote some as floating point (`42.0`), and some are no numbers at all.
enum StockIDs {
    private static let columns = [
        ("archived_downloads", "torrent_id"), ("download_tags", "download_id"), ("protected_downloads", "download_id"),
        ("link_history", "item_id"), ("link_history", "file_id"),
    ]

    static func mend(_ db: Database, _ repairs: inout StockRepairs) throws {
        for (table, column) in columns where try db.tableExists(table) {
            let odd = try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT \(column) FROM \(table)
                    WHERE \(column) IS NOT NULL AND (\(column) GLOB '*[^0-9]*' OR \(column) = '') ORDER BY 1
                    """)
            for id in odd {
                guard let whole = whole(id) else {
                    repairs.textIDs["\(table).\(column)", default: []].append(id)
                    continue
                }
                try db.execute(
                    sql: "UPDATE OR IGNORE \(table) SET \(column) = ? WHERE \(column) = ?", arguments: [whole, id])
                repairs.wholeIDs += db.changesCount
                // The other spelling was there too.
                try db.execute(sql: "DELETE FROM \(table) WHERE \(column) = ?", arguments: [id])
                if db.changesCount > 0 { repairs.removed[table, default: 0] += db.changesCount }
            }
        }
    }

    /// `42` for `42.0`, `1000000000000000` for `1.0e+15`; nil for what is no whole number.
    static func whole(_ text: String) -> String? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) || ".+-eE".utf8.contains($0) }),
            let number = Double(text), let whole = Int64(exactly: number), whole.magnitude < 1 << 53
        else { return nil }
        return String(whole)
    }
}
