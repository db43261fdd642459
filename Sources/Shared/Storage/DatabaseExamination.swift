import GRDB

/// What a look at a database file shows.
package struct DatabaseExamination: Sendable, Equatable {
    /// What is damaged; empty when sound.
    package var problems: [String]
    /// Migrations that its next opening will apply.
    package var pendingMigrations: Int

    /// Reads the whole file, which must exist, and leaves it as it is. Blocks: run it through ``Blocking``.
    ///
    /// Throws as ``DatabaseFile/open(path:kind:options:)``, and for a file of another version of this program.
    package init(path: String, kind: DatabaseKind) throws {
        let queue = try DatabaseFile.open(
            path: path, kind: kind, options: DatabaseOptions(createsMissingFile: false))
        defer { try? queue.close() }  // Nothing was written that could be lost.
        (problems, pendingMigrations) = try queue.inDatabase { db in
            let problems = try DatabaseIntegrity.problems(in: db)
            return (problems, problems.isEmpty ? try kind.migrator.pendingCount(db, kind: kind) : 0)
        }
    }
}
