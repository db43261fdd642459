import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct ViewRepositoryTests {
    private func add(_ database: UserDatabase, _ name: String) async throws -> ViewRow {
        try await database.write { try ViewRepository.insert($0, ViewContent(name: name, filters: "{}"), at: .noon) }
    }

    @Test("views come in their order, new ones last") func order() async throws {
        try await withUserDatabase { database in
            let first = try await add(database, "a")
            let second = try await add(database, "b")
            #expect([first.sortOrder, second.sortOrder] == [0, 1])
            #expect(try await database.write { try ViewRepository.reorder($0, [second.id, first.id], at: .noon) })
            #expect(try await database.read { try ViewRepository.list($0).map(\.content.name) } == ["b", "a"])
            #expect(try await add(database, "c").sortOrder == 2)
        }
    }

    @Test(
        "an order that is no permutation of all views changes nothing",
        arguments: [[1], [1, 1], [1, 2, 3], [2, 3], []])
    func badOrder(ids: [Int64]) async throws {
        try await withUserDatabase { database in
            _ = try await (add(database, "a"), add(database, "b"))
            #expect(try await database.write { try ViewRepository.reorder($0, ids, at: .noon(9)) } == false)
            #expect(try await database.read { try ViewRepository.list($0).map(\.id) } == [1, 2])
        }
    }

    @Test("a change leaves the rest, and always moves updated_at") func update() async throws {
        try await withUserDatabase { database in
            let row = try await add(database, "a")
            let changed = try await database.write { db in
                try ViewRepository.update(db, row.id, at: .noon(60)) { $0.sortField = "ratio" }
            }
            #expect(changed?.content == ViewContent(name: "a", filters: "{}", sortField: "ratio"))
            #expect(changed?.updatedAt == .noon(60))
            #expect(changed?.createdAt == .noon)
            #expect(try await database.read { try ViewRepository.get($0, row.id) } == changed)
            #expect(try await database.write { try ViewRepository.update($0, 99, at: .noon) { _ in } } == nil)
        }
    }

    @Test("rows of stock show as they are, those without a place first") func stock() async throws {
        try await withUserDatabase { database in
            try await database.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO custom_views(name, filters, visible_columns, sort_order)
                        VALUES ('b', '[]', '["name"]', 0), ('a', 'odd', NULL, NULL)
                        """)
            }
            let rows = try await database.read { try ViewRepository.list($0) }
            #expect(rows.map(\.content.name) == ["a", "b"])
            #expect(rows.map(\.sortOrder) == [nil, 0])
            #expect(rows.map(\.content.filters) == ["odd", "[]"])
        }
    }
}
