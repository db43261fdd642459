package import GRDB

/// Looks for damage in a database.
package enum DatabaseIntegrity {
    /// What SQLite finds wrong, at most 20 lines; empty when sound. Reads the whole file.
    ///
    /// Foreign keys are not checked: stock files hold orphans that are no damage.
    ///
    /// - Parameter isThorough: Also compare indexes with their tables, which takes several times as long.
    package static func problems(in db: Database, isThorough: Bool = false) throws -> [String] {
        let check = isThorough ? "integrity_check" : "quick_check"
        do {
            return try String.fetchAll(db, sql: "PRAGMA \(check)(20)").filter { $0 != "ok" }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            // Damage can be such that not even the check gets through.
            return [error.message ?? "the file is damaged"]
        }
    }
}
