import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct LinkHistoryRepositoryTests {
    private func link(_ item: String, file: String? = nil, _ url: String = "u") -> NewLink {
        NewLink(itemID: item, fileID: file, url: url, assetType: "torrents", itemName: "name \(item)")
    }

    private func count(_ database: UserDatabase) async throws -> Int {
        try await database.read { try LinkHistoryRepository.page($0, page: 1, limit: 1).total }
    }

    @Test("a link replaces the one for the same item, file and kind, a file-less one only its like") func replaces()
        async throws
    {
        try await withUserDatabase { database in
            try await database.write { db in
                for file in [nil, "1", nil, "1", "2"] as [String?] {
                    _ = try LinkHistoryRepository.insert(db, link("7", file: file), at: .noon)
                }
                _ = try LinkHistoryRepository.insert(
                    db, NewLink(itemID: "7", url: "u", assetType: "usenet"), at: .noon)
            }
            #expect(try await count(database) == 4)
        }
    }

    @Test("stock's ids with a trailing .0 are the same ids, and read without it") func spelling() async throws {
        try await withUserDatabase { database in
            try await database.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO link_history(item_id, file_id, url, asset_type)
                        VALUES ('7.0', '3.0', 'old', 'torrents'), ('8.0', NULL, 'kept', 'torrents')
                        """)
                _ = try LinkHistoryRepository.insert(db, link("7", file: "3", "new"), at: .noon)
            }
            let rows = try await database.read { try LinkHistoryRepository.rows($0, after: nil, limit: 10) }
            #expect(Set(rows.map(\.link.url)) == ["new", "kept"])
            #expect(Set(rows.map(\.link.itemID)) == ["7", "8"])
        }
    }

    @Test("walking by cursor meets every row once, newest first by text, also those without a time")
    func cursor() async throws {
        try await withUserDatabase { database in
            let times: [String?] = [
                "2026-08-20 10:00:00", "2026-08-20T09:00:00.000Z", nil, "", "2026-08-20 10:00:00", nil, "2026-08-21",
            ]
            try await database.write { db in
                for (number, time) in times.enumerated() {
                    try db.execute(
                        sql:
                            "INSERT INTO link_history(item_id, url, asset_type, generated_at) VALUES (?, 'u', 'usenet', ?)",
                        arguments: ["\(number)", time])
                }
            }
            let whole = try await database.read { try LinkHistoryRepository.rows($0, after: nil, limit: 100).map(\.id) }
            #expect(whole == [7, 2, 5, 1, 4, 6, 3])
            for limit in 1...3 {
                var walked: [Int64] = []
                var cursor: LinkCursor?
                repeat {
                    let place = cursor
                    let rows = try await database.read {
                        try LinkHistoryRepository.rows($0, after: place, limit: limit)
                    }
                    walked += rows.map(\.id)
                    cursor = rows.last.map { LinkCursor(generatedAt: $0.generatedAt, id: $0.id) }
                    if rows.count < limit { break }
                } while true
                #expect(walked == whole)
            }
        }
    }

    @Test("a cursor's text gives the cursor back, and nothing else is one") func cursorText() {
        for cursor in [
            LinkCursor(generatedAt: "2026-08-20 10:00:00", id: 41), LinkCursor(generatedAt: nil, id: 1),
            LinkCursor(generatedAt: "", id: 7), LinkCursor(generatedAt: "ü", id: .max),
        ] {
            #expect(LinkCursor(cursor.text) == cursor)
        }
        for text in ["", "x", "0", "-1", "1.2", "1.zz", "1.ff", ".32", "1.3 2", "99999999999999999999"] {
            #expect(LinkCursor(text) == nil, "\(text)")
        }
    }

    @Test("search looks at item, names and address, in any case of ASCII, and takes % and _ as they are") func search()
        async throws
    {
        try await withUserDatabase { database in
            try await database.write { db in
                _ = try LinkHistoryRepository.insert(db, link("71", "https://x/100%_A"), at: .noon)
                _ = try LinkHistoryRepository.insert(db, link("72", "https://x/100AB"), at: .noon)
            }
            for (search, found) in [("NAME 7", 2), ("%_a", 1), ("71", 1), ("https", 2), ("nothing", 0)] {
                let total = try await database.read {
                    try LinkHistoryRepository.page($0, page: 1, limit: 10, search: search).total
                }
                #expect(total == found, "\(search)")
            }
        }
    }

    @Test("many at once tell what they replaced") func bulk() async throws {
        try await withUserDatabase { database in
            let outcome = try await database.write { db in
                _ = try LinkHistoryRepository.insert(db, link("7"), at: .noon)
                return try LinkHistoryRepository.insert(
                    db, [(link("7"), "2026-01-01T00:00:00.000Z"), (link("8"), "2026-01-01")], at: .noon)
            }
            #expect(outcome.deleted == 1)
            #expect(outcome.inserted == 2)
            let rows = try await database.read { try LinkHistoryRepository.rows($0, after: nil, limit: 9) }
            #expect(rows.map(\.generatedAt) == ["2026-01-01T00:00:00.000Z", "2026-01-01"])
        }
    }
}
