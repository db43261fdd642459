package import DomainModel
package import Logging
import Migrations

/// The registry in PostgreSQL (`DATABASE_URL`), for all workers of one or more hosts.
///
/// Connects at the first call. While the server is away every call fails at once with `unreachable`, and it is tried again
/// after 100 ms, then at growing distances up to 2 s.
package final class PostgresRegistry: UserRegistry {
    /// Reading all users of a worker, and migrating, may take longer than a call.
    static let longCallLimit: Duration = .seconds(300)

    let pool: PostgresPool

    package init(_ settings: PostgresSettings, logger: Logger) {
        pool = PostgresPool(settings, logger: logger)
    }

    package var isReachable: Bool { pool.isReachable }

    @discardableResult
    package func migrate(now: Timestamp) async throws -> Int {
        try await pool.run("migrate the registry", limit: Self.longCallLimit) { session in
            try PostgresMigrator(migrations: Migrations.postgres).migrate(session, now: now)
        }
    }

    package func close() async throws { await pool.close() }
}
