package import DomainModel
package import GRDB
package import Migrations

/// Brings a database forward to the schema that this program knows, one transaction per step.
///
/// What was applied is kept in `tbx_migration` with a checksum each. Applied steps must be the first of the known ones,
/// unchanged: anything else means another version of this program owns the file, which is then refused, not repaired.
package struct SQLMigrator: Sendable {
    package static let registry = SQLMigrator(Migrations.registry)
    package static let user = SQLMigrator(Migrations.user)

    private let migrations: [Migration]

    /// - Parameter migrations: All of one family, numbered from 1 without gaps.
    package init(_ migrations: [Migration]) {
        precondition(
            migrations.map(\.number) == Array(migrations.indices.map { $0 + 1 }),
            "migrations are numbered from 1 without gaps")
        self.migrations = migrations
    }

    /// Applies what is missing and returns its numbers. Safe when several processes do it at once.
    ///
    /// - Throws: ``StorageError`` with code `newerSchema` or `changedMigration`, both before anything is written; or what
    ///   SQLite said, with the failing step undone and those before it kept.
    @discardableResult
    package func migrate(_ queue: DatabaseQueue, kind: DatabaseKind, now: Timestamp) throws(StorageError) -> [Int] {
        do {
            let applied = try queue.inDatabase { db in try appliedCount(db, kind: kind) }
            if applied == migrations.count { return [] }
            return try migrations.dropFirst(applied).compactMap { migration in
                try queue.write { db in try apply(migration, to: db, kind: kind, now: now) } ? migration.number : nil
            }
        } catch {
            throw StorageError(error, while: "migrate \(kind)")
        }
    }

    /// How many steps are still to come; throws as ``migrate(_:kind:now:)`` for files that are not ours to migrate.
    package func pendingCount(_ db: Database, kind: DatabaseKind) throws -> Int {
        try migrations.count - appliedCount(db, kind: kind)
    }

    /// False when another process has applied it since the caller looked.
    private func apply(_ migration: Migration, to db: Database, kind: DatabaseKind, now: Timestamp) throws -> Bool {
        try db.execute(sql: Self.createBookkeeping)
        if try appliedCount(db, kind: kind) >= migration.number { return false }
        do {
            try db.execute(sql: migration.sql)
        } catch let error as DatabaseError {
            throw StorageError(error, while: "apply \(migration.fileName) to \(kind)")
        }
        try db.execute(
            sql: #"INSERT INTO tbx_migration("set", number, name, checksum, applied_ms) VALUES (?, ?, ?, ?, ?)"#,
            arguments: [
                migration.family.rawValue, migration.number, migration.name, migration.checksum, now.milliseconds,
            ])
        return true
    }

    /// The number of applied steps, once it is sure that they are the first of the known ones.
    private func appliedCount(_ db: Database, kind: DatabaseKind) throws -> Int {
        guard try db.hasTable("tbx_migration") else { return 0 }
        let rows = try Row.fetchAll(
            db, sql: #"SELECT number, name, checksum FROM tbx_migration WHERE "set" = ? ORDER BY number"#,
            arguments: [kind.family.rawValue])
        let applied = rows.map { AppliedMigration(number: $0["number"], name: $0["name"], checksum: $0["checksum"]) }
        return try AppliedMigration.count(applied, of: migrations, in: "\(kind)")
    }

    private static let createBookkeeping = """
        CREATE TABLE IF NOT EXISTS tbx_migration (
            "set" TEXT NOT NULL,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_ms INTEGER NOT NULL,
            PRIMARY KEY ("set", number)
        ) STRICT, WITHOUT ROWID
        """
}
