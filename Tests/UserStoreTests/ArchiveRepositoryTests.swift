import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct ArchiveRepositoryTests {
    private func add(
        _ database: UserDatabase, _ id: String, name: String? = nil, tracker: String? = nil, at: Timestamp = .noon
    ) async throws -> ArchiveRepository.InsertOutcome {
        try await database.write { db in
            let new = NewArchived(torrentID: id, hash: "hash-\(id)", tracker: tracker, name: name, at: at)
            return try ArchiveRepository.insert(db, new)
        }
    }

    private func page(
        _ database: UserDatabase, _ number: Int = 1, limit: Int = 50, search: String? = nil
    ) async throws -> (ids: [String], total: Int) {
        try await database.read { db in
            let found = try ArchiveRepository.page(db, page: number, limit: limit, search: search)
            return (found.rows.map(\.torrentID), found.total)
        }
    }

    @Test("a row comes back as it went in, at whole seconds") func roundTrip() async throws {
        try await withUserDatabase { database in
            let moment = Timestamp(milliseconds: Timestamp.noon.milliseconds + 999)
            guard case .inserted(let row) = try await add(database, "42", name: "N", tracker: "T", at: moment) else {
                Issue.record("the row was not inserted")
                return
            }
            #expect(row.torrentID == "42" && row.hash == "hash-42" && row.name == "N" && row.tracker == "T")
            #expect(row.archivedAt == .noon && row.createdAt == .noon)
            #expect(try await database.read { try ArchiveRepository.get($0, row.id) } == row)
            #expect(try await database.read { try ArchiveRepository.get($0, row.id + 1) } == nil)
        }
    }

    @Test("a number that is archived already is a duplicate, in stock's other spelling too") func duplicate()
        async throws
    {
        try await withUserDatabase { database in
            try await database.write { db in
                try db.execute(sql: "INSERT INTO archived_downloads(torrent_id, hash) VALUES ('42.0', 'old')")
            }
            guard case .duplicate(let row) = try await add(database, "42") else {
                Issue.record("the duplicate was not seen")
                return
            }
            #expect(row.hash == "old" && row.torrentID == "42")
            let wasInserted = try await database.write { db in
                try ArchiveRepository.insertIfAbsent(db, NewArchived(torrentID: "42.0", hash: "x", at: .noon))
            }
            #expect(!wasInserted)
            #expect(try await page(database).total == 1)
        }
    }

    @Test("pages are newest first, and behind the last there is nothing") func pages() async throws {
        try await withUserDatabase { database in
            for number in 1...5 { _ = try await add(database, "\(number)", at: .noon(Int64(number / 2))) }
            #expect(try await page(database, 1, limit: 2).ids == ["5", "4"])
            #expect(try await page(database, 3, limit: 2).ids == ["1"])
            let behind = try await page(database, 4, limit: 2)
            #expect(behind.ids.isEmpty && behind.total == 5)
            #expect(try await page(database, .max, limit: 1_000).ids.isEmpty)
        }
    }

    @Test(
        "a search finds parts of number, name, hash and tracker in any case, and takes its text literally",
        arguments: [
            ("UBUNTU", ["1"]), ("hash-2", ["2"]), ("Example.org", ["2"]), ("3", ["3"]), ("100%", ["3"]), ("_", ["3"]),
            ("%", ["3"]), (#"\"#, []), ("", ["3", "2", "1"]), ("nothing", []),
        ])
    func search(text: String, expected: [String]) async throws {
        try await withUserDatabase { database in
            _ = try await add(database, "1", name: "ubuntu 24")
            _ = try await add(database, "2", tracker: "udp://example.ORG", at: .noon(1))
            _ = try await add(database, "3", name: "100%_done", at: .noon(2))
            let found = try await page(database, search: text)
            #expect(found.ids == expected)
            #expect(found.total == expected.count)
        }
    }

    @Test("rows are deleted by their own numbers, and counted") func deletes() async throws {
        try await withUserDatabase { database in
            for number in 1...3 { _ = try await add(database, "\(number)") }
            #expect(try await database.write { try ArchiveRepository.delete($0, [1, 3, 99]) } == 2)
            #expect(try await page(database).ids == ["2"])
        }
    }
}
