import Foundation
import GRDB
import Storage
import Testing

@Suite struct DatabaseTemplateTests {
    @Test("a file made from the template is complete, private and in WAL mode") func isComplete() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/users/a.sqlite"
            #expect(try DatabaseTemplate(kind: .somebody, now: .noon).create(at: path))
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let queue = try DatabaseFile.open(path: path, kind: .somebody)
            #expect(try SQLMigrator.user.migrate(queue, kind: .somebody, now: .noon) == [])
            #expect(try queue.strings("PRAGMA journal_mode") == ["wal"])
            #expect(try queue.inDatabase { try DatabaseIntegrity.problems(in: $0, isThorough: true) }.isEmpty)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, "opening needs no write")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "\(folder)/users").allSatisfy { $0.hasPrefix("a.") }
            )
        }
    }

    @Test("its pages are small; journals are folded in after a mebibyte and 32 pages are cached, whatever their size")
    func pages() async throws {
        try await withTemporaryFolder { folder in
            try DatabaseTemplate(kind: .somebody, now: .noon).create(at: "\(folder)/a.sqlite")
            // What was made before pages were small, or by another program.
            let older = try DatabaseQueue(path: "\(folder)/b.sqlite")
            try older.writeWithoutTransaction { try $0.execute(sql: "PRAGMA page_size = 4096; VACUUM") }
            try older.close()
            for (name, size, cache) in [("a", 1_024, 64), ("b", 4_096, 128)] {
                let queue = try DatabaseFile.open(
                    path: "\(folder)/\(name).sqlite", kind: .somebody, options: DatabaseOptions(cacheKiB: 64))
                let pragmas = try queue.inDatabase { db in
                    try ["page_size", "wal_autocheckpoint", "cache_size"]
                        .map { try Int.fetchOne(db, sql: "PRAGMA \($0)") ?? 0 }
                }
                #expect(pragmas == [size, (1 << 20) / size, -cache])
            }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a.sqlite")).count
            #expect(bytes < 128 << 10, "every registration writes this")
        }
    }

    @Test("a file that exists is never replaced") func keepsExisting() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.sqlite"
            try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
            #expect(try !DatabaseTemplate(kind: .somebody, now: .noon).create(at: path))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("mine".utf8))
        }
    }

    @Test("it has the same schema as a file that was migrated step by step") func sameSchema() async throws {
        try await withTemporaryFolder { folder in
            let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
            try DatabaseTemplate(kind: .registry, now: .noon).create(at: "\(folder)/a.sqlite")
            let copied = try DatabaseFile.open(path: "\(folder)/a.sqlite", kind: .registry)
            let migrated = try DatabaseFile.open(path: "\(folder)/b.sqlite", kind: .registry)
            try SQLMigrator.registry.migrate(migrated, kind: .registry, now: .noon)
            #expect(try copied.strings(sql) == migrated.strings(sql))
        }
    }
}
