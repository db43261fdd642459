import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct TagRepositoryTests {
    /// Tags 1, 2 and 3; tag 1 set through REST on the bare number 5.
    private func withTags(_ body: (UserDatabase) async throws -> Void) async throws {
        try await withUserDatabase { database in
            try await database.write { db in
                try db.execute(sql: "INSERT INTO tags(name) VALUES ('a'), ('b'), ('c')")
                try db.execute(sql: "INSERT INTO download_tags(tag_id, download_id) VALUES (1, '5')")
            }
            try await body(database)
        }
    }

    private func add(_ database: UserDatabase, _ tags: Set<Int64>, _ item: ItemKey) async throws -> Int {
        try await database.write { try TagRepository.add($0, tags, to: item, at: .noon) }
    }

    private func remove(_ database: UserDatabase, _ tags: Set<Int64>, _ item: ItemKey) async throws -> Int {
        try await database.write { try TagRepository.remove($0, tags, from: item) }
    }

    private func follow(_ database: UserDatabase, _ old: ItemKey, _ new: ItemKey) async throws {
        try await database.write { try TagRepository.follow($0, from: old, to: new, at: .noon) }
    }

    private func assignments(_ database: UserDatabase) async throws -> TagAssignments {
        try await database.read(TagRepository.assignments)
    }

    private func stockRows(_ database: UserDatabase) async throws -> [String] {
        try await database.read { db in
            try String.fetchAll(db, sql: "SELECT tag_id || ':' || download_id FROM download_tags ORDER BY 1")
        }
    }

    private func store(_ database: UserDatabase, _ keys: [ItemKey]) async throws {
        try await database.write { db in
            let items = keys.map { TrackedItem(key: $0, firstSeen: .noon, lastSeen: .noon) }
            _ = try SnapshotRepository.apply(db, SnapshotChanges(inserts: items), at: .noon)
        }
    }

    @Test("a tag set through REST counts for every item of the number, one set by a rule for its item only")
    func scopes() async throws {
        try await withTags { database in
            #expect(try await add(database, [2], .usenet(5)) == 1)
            let assigned = try await assignments(database)
            #expect(assigned.tags(of: .torrent(5)) == [1])
            #expect(assigned.tags(of: .queued(5)) == [1])
            #expect(assigned.tags(of: .usenet(5)) == [1, 2])
            #expect(assigned.tags(of: .usenet(6)) == [])
            #expect(try await stockRows(database) == ["1:5", "2:5"], "stock and REST see both")
        }
    }

    @Test("adding tells how many were new, and passes over tags that do not exist") func adds() async throws {
        try await withTags { database in
            let added = try await add(database, [1, 2, 99], .torrent(5))
            #expect(added == 1)
            #expect(try await add(database, [1, 2, 99], .torrent(5)) == 0)
            #expect(try await add(database, [2], .queued(5)) == 1)
            #expect(try await assignments(database).tags(of: .torrent(5)) == [1, 2])
            #expect(try await database.read(TagRepository.existingTags) == [1, 2, 3])
        }
    }

    @Test("removing takes a rule's tag off one item, and REST's off the number") func removes() async throws {
        try await withTags { database in
            _ = try await add(database, [2], .torrent(5))
            _ = try await add(database, [2], .usenet(5))
            #expect(try await remove(database, [1, 2, 3], .torrent(5)) == 2)
            #expect(try await assignments(database) == TagAssignments(byItem: [.usenet(5): [2]]))
            #expect(try await remove(database, [2], .usenet(5)) == 1)
            #expect(try await stockRows(database) == [])
        }
    }

    @Test("removing a tag from an item that does not have it leaves the items that do") func removesNothing()
        async throws
    {
        try await withTags { database in
            _ = try await add(database, [2], .usenet(5))
            #expect(try await remove(database, [2], .torrent(5)) == 0)
            #expect(try await assignments(database).tags(of: .usenet(5)) == [1, 2])
        }
    }

    @Test("tags follow an item out of the queue") func follows() async throws {
        try await withTags { database in
            _ = try await add(database, [2], .queued(5))
            try await follow(database, .queued(5), .torrent(900))
            #expect(try await assignments(database) == TagAssignments(byItem: [.torrent(900): [1, 2]]))
            #expect(try await stockRows(database) == ["1:900", "2:900"])
        }
    }

    @Test("a bare tag stays with another item of the old number, a rule's tag does not") func followsShared()
        async throws
    {
        try await withTags { database in
            try await store(database, [.queued(5), .usenet(5)])
            _ = try await add(database, [2], .queued(5))
            try await follow(database, .queued(5), .torrent(900))
            let assigned = try await assignments(database)
            #expect(assigned.tags(of: .torrent(900)) == [1, 2])
            #expect(assigned.tags(of: .usenet(5)) == [1])
        }
    }

    @Test("an item that keeps its number keeps its tags") func followsSameNumber() async throws {
        try await withTags { database in
            _ = try await add(database, [2], .queued(5))
            try await follow(database, .queued(5), .torrent(5))
            let assigned = try await assignments(database)
            #expect(assigned == TagAssignments(byNumber: [5: [1]], byItem: [.torrent(5): [2]]))
        }
    }

    @Test("numbers in stock's other spelling are read, and can be removed") func stockSpelling() async throws {
        try await withTags { database in
            try await database.write { db in
                try db.execute(sql: "INSERT INTO download_tags(tag_id, download_id) VALUES (3, '77.0'), (3, 'odd')")
            }
            #expect(try await assignments(database).tags(of: .torrent(77)) == [3])
            #expect(try await remove(database, [3], .torrent(77)) == 1)
            #expect(try await assignments(database).tags(of: .torrent(77)) == [])
        }
    }

    @Test("a tag that REST sets on a number widens a rule's tag to every item of it") func widens() async throws {
        try await withTags { database in
            _ = try await add(database, [2], .usenet(5))
            try await database.write { db in
                try DownloadTagRepository.change(db, .add, downloads: ["5"], tags: [2], at: .noon)
            }
            #expect(try await assignments(database) == TagAssignments(byNumber: [5: [1, 2]]))
            try await database.write { db in
                try DownloadTagRepository.change(db, .replace, downloads: ["5", "6"], tags: [3], at: .noon)
            }
            #expect(try await assignments(database) == TagAssignments(byNumber: [5: [3], 6: [3]]))
        }
    }

    @Test("a deleted tag goes from every item, whoever set it") func deletedTag() async throws {
        try await withTags { database in
            _ = try await add(database, [2], .usenet(5))
            try await database.write { try $0.execute(sql: "DELETE FROM tags WHERE id IN (1, 2)") }
            #expect(try await assignments(database) == TagAssignments())
            #expect(try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tbx_tag_scope") } == 0)
        }
    }
}
