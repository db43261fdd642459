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
