import DomainModel
import GRDB
import Migrations
import Storage
import Testing

@Suite struct SQLMigratorTests {
    private let first = Migration.step(1, "CREATE TABLE one (a)")
    private let second = Migration.step(2, "CREATE TABLE two (a); INSERT INTO two VALUES (1);")
    private let third = Migration.step(3, "CREATE TABLE three (a)")

    private func migrate(_ queue: DatabaseQueue, _ steps: [Migration]) throws -> [Int] {
        try SQLMigrator(steps).migrate(queue, kind: .somebody, now: .noon)
    }

    private func empty() throws -> DatabaseQueue { try DatabaseFile.openInMemory(kind: .somebody) }

    @Test("a fresh database gets every step once and remembers them with their checksums")
    func appliesOnce() throws {
        let queue = try empty()
        #expect(try migrate(queue, [first, second]) == [1, 2])
        #expect(try migrate(queue, [first, second]) == [])
        let recorded = try queue.strings(
            #"SELECT "set" || number || name || checksum || applied_ms FROM tbx_migration"#)
        #expect(recorded == [first, second].map { "user\($0.number)step\($0.checksum)1787220000000" })
    }

    @Test("a database that is behind gets only what is missing") func appliesTheRest() throws {
        let queue = try empty()
        _ = try migrate(queue, [first])
        #expect(try migrate(queue, [first, second, third]) == [2, 3])
    }

    @Test("a database of a newer version is refused and left as it is") func refusesNewer() throws {
        let queue = try empty()
        _ = try migrate(queue, [first, second])
        let error = try #require(throws: StorageError.self) { try migrate(queue, [first]) }
        #expect(error.code == .newerSchema)
        #expect(error.message.contains("migration 2 (step) is unknown here, the newest known is 1"))
        #expect(error.message.contains("user 0a0a0a0a"))
        #expect(try queue.strings("SELECT number FROM tbx_migration") == ["1", "2"])
    }

    @Test("a step edited after it was applied is refused, and later steps are not applied") func refusesChanged() throws
    {
        let queue = try empty()
        _ = try migrate(queue, [first])
        let edited = Migration.step(1, "CREATE TABLE one (a, b)")
        #expect(try storageCode { _ = try migrate(queue, [edited, second]) } == .changedMigration)
        #expect(try queue.inDatabase { try !$0.tableExists("two") })
    }

    @Test("a database that skipped a step is refused") func refusesGaps() throws {
        let queue = try empty()
        _ = try migrate(queue, [first, second])
        try queue.inDatabase { try $0.execute(sql: "DELETE FROM tbx_migration WHERE number = 1") }
        #expect(try storageCode { _ = try migrate(queue, [first, second]) } == .changedMigration)
    }

    @Test("a failing step is undone whole, those before it stay, and the error names the file") func undoesFailure()
        throws
    {
        let queue = try empty()
        let broken = Migration.step(2, "CREATE TABLE two (a); INSERT INTO nowhere VALUES (1);", name: "break_it")
        let error = try #require(throws: StorageError.self) { try migrate(queue, [first, broken]) }
        #expect(error.message.contains("user_0002_break_it.sql"))
        #expect(error.message.contains("no such table: nowhere"))
        #expect(try queue.inDatabase { try $0.tableExists("one") && !$0.tableExists("two") })
        #expect(try queue.strings("SELECT number FROM tbx_migration") == ["1"])
    }

    @Test("steps of the other family in the same file do not count") func familiesAreApart() throws {
        let queue = try empty()
        let other = Migration(family: .registry, number: 1, name: "step", sql: "CREATE TABLE other (a)")
        _ = try SQLMigrator([other]).migrate(queue, kind: .registry, now: .noon)
        #expect(try migrate(queue, [first]) == [1])
    }

    @Test("processes that migrate the same file at once apply every step once between them") func isSafeTogether()
        async throws
    {
        try await withTemporaryFolder { folder in
            let steps = (1...20).map { Migration.step($0, "CREATE TABLE t\($0) (a)") }
            let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 1...4 {
                    group.addTask {
                        try await Blocking.run {
                            let queue = try DatabaseFile.open(path: "\(folder)/shared.sqlite", kind: .somebody)
                            return try SQLMigrator(steps).migrate(queue, kind: .somebody, now: .noon)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == Array(1...20))
        }
    }

    @Test("pending steps are counted without applying them") func countsPending() throws {
        let queue = try empty()
        _ = try migrate(queue, [first])
        let migrator = SQLMigrator([first, second, third])
        #expect(try queue.inDatabase { try migrator.pendingCount($0, kind: .somebody) } == 2)
        #expect(try queue.inDatabase { try !$0.tableExists("two") })
    }
}
