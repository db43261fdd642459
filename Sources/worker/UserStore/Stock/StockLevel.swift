package import GRDB
import Storage

/// Which versions of the stock backend a user's file has been through. It decides how old rules are read: units and operators
/// meant other things in January 2026.
package enum StockLevel: String, Sendable, Hashable, CaseIterable {
    /// Only the first version has ever opened it.
    case january
    /// Some version in between.
    case between
    /// The newest known one.
    case newest

    /// Number of the newest known migration. Source: storage notes, section 5.
    static let newestVersion = 25
    private static let januaryVersion = 5

    /// From what is in the file, before anything is changed in it. The bookkeeping alone is not trusted: a crash could leave
    /// a change unmarked, and marks without their tables were seen.
    package init(_ db: Database) throws {
        let version = try StockVersion.newest(db)
        let hasLaterTables = try db.tableExists("custom_views") || db.tableExists("uploads")
        let columns = try db.tableExists("automation_rules") ? db.columns(in: "automation_rules").map(\.name) : []
        let hasLaterColumns = columns.contains("asset_types") || columns.contains("last_evaluated_at")
        if version <= Self.januaryVersion && !hasLaterTables && !hasLaterColumns {
            self = .january
        } else if version >= Self.newestVersion && columns.contains("asset_types") {
            self = .newest
        } else {
            self = .between
        }
    }
}
