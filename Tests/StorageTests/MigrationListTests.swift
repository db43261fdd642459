import Foundation
import Migrations
import Testing

@Suite struct MigrationListTests {
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("migrations")

    private static func list(_ family: Migration.Family) -> [Migration] {
        switch family {
        case .registry: Migrations.registry
        case .postgres: Migrations.postgres
        case .user: Migrations.user
        }
    }

    @Test("the list names every file of the directory, in order", arguments: Migration.Family.allCases)
    func namesEveryFile(family: Migration.Family) throws {
        let folder = Self.directory.appendingPathComponent(family.rawValue)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(Self.list(family).map(\.fileName) == files)
        #expect(Self.list(family).allSatisfy { $0.family == family })
    }

    @Test("what is embedded is what the files hold", arguments: Migration.Family.allCases)
    func embedsTheFiles(family: Migration.Family) throws {
        for migration in Self.list(family) {
            let file = Self.directory.appendingPathComponent(family.rawValue).appendingPathComponent(migration.fileName)
            #expect(try String(contentsOf: file, encoding: .utf8) == migration.sql)
            #expect(migration.sql.hasPrefix("-- Why: "), "\(migration.fileName) must say why it is there")
        }
    }

    @Test("numbers count up from 1", arguments: Migration.Family.allCases)
    func numbersCountUp(family: Migration.Family) {
        #expect(Self.list(family).map(\.number) == Array(1...Self.list(family).count))
    }

    @Test(
        "the checksum is FNV-1a with 64 bits",
        arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
    func checksum(text: String, expected: String) {
        #expect(Migration(family: .user, number: 1, name: "n", sql: text).checksum == expected)
    }
}
