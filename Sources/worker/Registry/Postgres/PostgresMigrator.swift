import DomainModel
import Migrations
import Storage

/// Brings the registry in PostgreSQL forward, one transaction per step, under an advisory lock: of several hosts that start
/// at once one takes the steps and the others wait for it.
struct PostgresMigrator {
    static let database = "the registry in PostgreSQL"
    /// An arbitrary number that all versions of this program share: "torbox" in ASCII.
    private static let lock: Int64 = 0x746f_7262_6f78

    let migrations: [Migration]

    /// Applies what is missing and returns how many steps this call took.
    func migrate(_ session: PostgresSession, now: Timestamp) throws -> Int {
        let applied = try appliedCount(session)
        return try migrations.dropFirst(applied).count { migration in
            try session.transaction { try apply(migration, session, now: now) }
        }
    }

    /// False when somebody else has applied it while we waited.
    private func apply(_ migration: Migration, _ session: PostgresSession, now: Timestamp) throws -> Bool {
        try session.takeTime()
        try session.query("SELECT pg_advisory_xact_lock(\(Self.lock))")
        try session.run(Self.createBookkeeping)
        guard try appliedCount(session) < migration.number else { return false }
        do { try session.run(migration.sql) } catch let error as StorageError {
            throw error.during("apply \(migration.fileName)")
        }
        try session.query(
            #"INSERT INTO tbx_migration("set", number, name, checksum, applied_ms) VALUES ($1, $2, $3, $4, $5)"#,
            [
                migration.family.rawValue, String(migration.number), migration.name, migration.checksum,
                PostgresText.time(now),
            ])
        return true
    }

    private func appliedCount(_ session: PostgresSession) throws -> Int {
        let exists = try session.query("SELECT to_regclass('tbx_migration') IS NOT NULL").flag(0, 0)
        guard exists == true else { return 0 }
        let rows = try session.query(
            #"SELECT number, name, checksum FROM tbx_migration WHERE "set" = 'postgres' ORDER BY number"#)
        let applied = (0..<rows.count).map { row in
            AppliedMigration(
                number: rows.integer(row, 0).map { Int($0) } ?? 0, name: rows.text(row, 1) ?? "",
                checksum: rows.text(row, 2) ?? "")
        }
        return try AppliedMigration.count(applied, of: migrations, in: Self.database)
    }

    private static let createBookkeeping = """
        CREATE TABLE IF NOT EXISTS tbx_migration (
            "set" TEXT NOT NULL,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_ms BIGINT NOT NULL,
            PRIMARY KEY ("set", number)
        )
        """
}
