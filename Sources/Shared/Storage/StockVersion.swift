package import GRDB

/// How far a stock database was migrated, by its own bookkeeping.
package enum StockVersion {
    /// Number of the newest applied migration, padded with zeros or not; 0 when there is none.
    package static func newest(_ db: Database) throws -> Int {
        guard try db.tableExists("schema_migrations") else { return 0 }
        return try Row.fetchAll(db, sql: "SELECT version FROM schema_migrations")
            .compactMap { StockRow($0).integer("version").flatMap { Int(exactly: $0) } }.max() ?? 0
    }

    /// A database whose meaning nobody here knows.
    package static func unknown(_ version: Int, in what: String) -> StorageError {
        StorageError(
            .newerSchema, "\(what) has migration \(version) of the stock backend, which is not known here",
            hint: "take a newer version of this program")
    }
}
