import DomainModel
import GRDB
import Logging
import Migrations
import ServiceHarness
import Storage
import Testing

@testable import Registry

/// What only the registry in PostgreSQL has: a schema of its own that must not lag behind, several hosts, odd texts.
@Suite struct PostgresRegistryTests {
    /// Tables that only files have: stock's bookkeeping of its migrations, and a queue of stock's that we never fill.
    private static let onlyInFiles: Set<String> = ["schema_migrations", "pending_actions"]

    private func withServer(_ body: (PostgresServer, String) async throws -> Void) async throws {
        let server = try await PostgresServer.shared.value
        try await body(server, try await server.newDatabase())
    }

    private func open(_ url: String) -> PostgresRegistry {
        PostgresRegistry(PostgresSettings(url: url), logger: .quiet)
    }

    @Test("both registries have the same tables with the same columns") func sameSchema() async throws {
        let file = try DatabaseFile.openInMemory(kind: .registry)
        try SQLMigrator.registry.migrate(file, kind: .registry, now: .noon)
        let embedded = try await file.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT t.name || '.' || c.name FROM pragma_table_list t, pragma_table_info(t.name) c
                    WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY 1
                    """)
        }
        try await withServer { server, url in
            let registry = open(url)
            try await registry.migrate(now: .noon)
            try await registry.close()
            let rows = try await server.execute(
                "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()",
                at: url)
            let expected = embedded.filter { name in !Self.onlyInFiles.contains { name.hasPrefix("\($0).") } }
            #expect(rows.split(separator: "\n").map(String.init).sorted() == expected.sorted())
        }
    }

    @Test("of several hosts that migrate at once one does, and the others find it done") func migratesTogether()
        async throws
    {
        try await withServer { _, url in
            let hosts = (0..<6).map { _ in open(url) }
            let steps = try await withThrowingTaskGroup(of: Int.self) { group in
                for host in hosts { group.addTask { try await host.migrate(now: .noon) } }
                return try await group.reduce(0, +)
            }
            #expect(steps == Migrations.postgres.count)
            for host in hosts { try await host.close() }
        }
    }

    @Test("a schema of a newer version is refused") func newerSchema() async throws {
        try await withServer { server, url in
            let registry = open(url)
            try await registry.migrate(now: .noon)
            try await server.execute("INSERT INTO tbx_migration VALUES ('postgres', 999, 'future', 'x', 0)", at: url)
            let error = try await #require(throws: StorageError.self) { try await registry.migrate(now: .noon) }
            #expect(error.code == .newerSchema)
            #expect(error.message.contains("PostgreSQL"))
            try await registry.close()
        }
    }

    @Test("texts of every kind come back as they were, but for the byte that PostgreSQL cannot store") func oddTexts()
        async throws
    {
        try await withServer { _, url in
            let registry = open(url)
            try await registry.migrate(now: .noon)
            let texts = ["", "NULL", #"a"b\c{d},e"#, "'; DROP TABLE api_keys; --", "ключ 🔑", "two\nlines", "nul\0byte"]
            for (index, text) in texts.enumerated() {
                try await registry.register(.sample("0\(index)", name: text))
                try await registry.recordPolls([
                    ScheduleUpdate(user: .sample("0\(index)"), nextDue: .noon, lastError: text, pausedReason: text)
                ])
            }
            let expected = texts.map { $0.replacing("\0", with: "\u{fffd}") }
            let users = try await registry.users(in: .all)
            #expect(users.map(\.keyName) == expected)
            #expect(users.map(\.lastError) == expected)
            #expect(users.map(\.pausedReason) == expected)
            try await registry.close()
        }
    }

    @Test("a batch that names a user twice keeps the later words and the earlier times") func twiceInABatch()
        async throws
    {
        try await withServer { _, url in
            let registry = open(url)
            try await registry.migrate(now: .noon)
            try await registry.register(.sample("ab"))
            let later = Timestamp.noon.advanced(bySeconds: 60)
            try await registry.recordPolls([
                ScheduleUpdate(user: .sample("ab"), nextDue: .noon, lastSuccess: .noon, lastError: "first"),
                ScheduleUpdate(user: .sample("ab"), nextDue: later, lastError: "second"),
            ])
            let user = try #require(try await registry.user(.sample("ab")))
            #expect(user.nextDue == later && user.lastSuccess == .noon && user.lastError == "second")
            try await registry.close()
        }
    }

    @Test("ten thousand schedules are one statement") func largeBatch() async throws {
        try await withServer { server, url in
            let registry = open(url)
            try await registry.migrate(now: .noon)
            try await server.execute(
                """
                INSERT INTO user_registry(auth_id, db_path)
                SELECT lpad(to_hex(n), 8, '0') || repeat('0', 56), n FROM generate_series(1, 10000) n
                """, at: url)
            let users = try await registry.users(in: .all)
            #expect(users.count == 10_000)
            try await registry.recordPolls(users.map { ScheduleUpdate(user: $0.id, nextDue: .noon) })
            #expect(try await registry.users(in: .all).count { $0.nextDue == .noon } == 10_000)
            try await registry.close()
        }
    }

    @Test(
        "an address that is none is told without being repeated",
        arguments: ["mysql://u:secret@h/d", "postgres://u:secret%zz@h/d", "postgres://u:secret@h/d?no_such=1"])
    func badAddress(url: String) throws {
        let problem = try #require(PostgresSettings.problem(with: url))
        #expect(!problem.contains("secret"))
        #expect(PostgresSettings.problem(with: "postgres://u:secret@h:5433/d?sslmode=require") == nil)
        #expect(PostgresSettings.problem(with: "postgresql:///d?host=/run/postgresql") == nil)
    }
}
