import GRDB
import Storage
import Testing

@Suite struct SchemaTests {
    private func migrated(_ kind: DatabaseKind) throws -> DatabaseQueue {
        let queue = try DatabaseFile.openInMemory(kind: kind)
        try kind.migrator.migrate(queue, kind: kind, now: .noon)
        return queue
    }

    private func describe(_ queue: DatabaseQueue) throws -> String {
        try queue.inDatabase(SchemaDescription.lines).joined(separator: "\n")
    }

    @Test("a fresh registry has the reviewed schema") func registry() throws {
        let schema = try describe(migrated(.registry))
        #expect(schema == GoldenSchema.registry, "the schema is now:\n\(schema)")
    }

    @Test("a fresh user file has the reviewed schema") func user() throws {
        let schema = try describe(migrated(.somebody))
        #expect(schema == GoldenSchema.user, "the schema is now:\n\(schema)")
    }

    @Test("stock finds its own bookkeeping complete, so that it migrates nothing again") func stockBookkeeping() throws
    {
        let query = "SELECT version || ' ' || name FROM schema_migrations ORDER BY version"
        let master = try migrated(.registry).strings(query)
        #expect(master.count == 11)
        #expect(master.first == "000 migrations_table")
        #expect(master.last == "010 user_last_seen_at")
        let user = try migrated(.somebody).strings(query)
        #expect(user.map { String($0.prefix(3)) } == (0...25).map { $0 < 10 ? "00\($0)" : "0\($0)" })
        #expect(user.last == "025 tmdb_credentials_schema")
    }

    @Test("our own tables are strict and carry our prefix") func ownTables() throws {
        let own = "SELECT name FROM pragma_table_list WHERE name LIKE 'tbx!_%' ESCAPE '!' AND strict = 0"
        #expect(try migrated(.registry).strings(own) == [])
        #expect(try migrated(.somebody).strings(own) == [])
    }
}
