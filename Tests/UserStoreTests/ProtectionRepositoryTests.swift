import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct ProtectionRepositoryTests {
    private func set(_ database: UserDatabase, _ ids: [String], _ isProtected: Bool = true) async throws {
        try await database.write { try ProtectionRepository.set($0, ids, isProtected: isProtected, at: .noon) }
    }

    private func numbers(_ database: UserDatabase) async throws -> Set<Int64> {
        try await database.read(ProtectionRepository.numbers)
    }

    @Test("protection is set and lifted by number, twice as well as once") func sets() async throws {
        try await withUserDatabase { database in
            try await set(database, ["5", "6", "5"])
            try await set(database, ["6.0"])
            #expect(try await database.read(ProtectionRepository.ids) == ["5", "6"])
            try await set(database, ["5", "99"], false)
            #expect(try await numbers(database) == [6])
        }
    }

    @Test("protection follows an item out of the queue") func follows() async throws {
        try await withUserDatabase { database in
            try await set(database, ["5"])
            try await database.write {
                try ProtectionRepository.follow($0, from: .queued(5), to: .torrent(900), at: .noon)
            }
            #expect(try await numbers(database) == [900])
            try await database.write {
                try ProtectionRepository.follow($0, from: .queued(6), to: .torrent(7), at: .noon)
            }
            #expect(try await numbers(database) == [900])
        }
    }

    @Test("another item of the old number stays protected") func followsShared() async throws {
        try await withUserDatabase { database in
            try await set(database, ["5"])
            try await database.write { db in
                let items = [ItemKey.queued(5), .usenet(5)].map {
                    TrackedItem(key: $0, firstSeen: .noon, lastSeen: .noon)
                }
                _ = try SnapshotRepository.apply(db, SnapshotChanges(inserts: items), at: .noon)
                try ProtectionRepository.follow(db, from: .queued(5), to: .torrent(900), at: .noon)
            }
            #expect(try await numbers(database) == [5, 900])
        }
    }

    // MARK: Hashes

    private func see(_ db: Database, _ items: [(ItemKey, String)], misses: Int = 0) throws {
        let tracked = items.map { key, hash in
            TrackedItem(key: key, hash: hash, firstSeen: .noon, lastSeen: .noon, misses: misses)
        }
        _ = try SnapshotRepository.apply(db, SnapshotChanges(inserts: tracked), at: .noon)
    }

    @Test("a protected download that is added again is protected under its new number") func addedAgain() async throws {
        try await withUserDatabase { database in
            try await database.write { try see($0, [(.torrent(5), "aa")], misses: 1) }
            try await set(database, ["5"])
            let protection = try await database.read(ProtectionRepository.current)
            #expect(protection.covers(.torrent(900), hash: "aa"))
            #expect(!protection.covers(.torrent(900), hash: "bb"))
            #expect(!protection.covers(.torrent(900), hash: nil))
            #expect(!protection.covers(.usenet(900), hash: "aa"))
            try await database.write { db in
                try see(db, [(.torrent(900), "aa"), (.torrent(901), "bb"), (.usenet(902), "aa")])
                try ProtectionRepository.learn(db, isPresent: true)
                try ProtectionRepository.spread(db, at: .noon)
            }
            #expect(try await numbers(database) == [5, 900])
        }
    }

    @Test("the hash of a number protected by stock is learned from an item that is there") func learns() async throws {
        try await withUserDatabase { database in
            try await database.write { db in
                try db.execute(sql: "INSERT INTO protected_downloads(download_id) VALUES ('5.0'), ('6')")
                try see(db, [(.torrent(5), "aa")])
                try see(db, [(.torrent(6), "bb")], misses: 1)
                try ProtectionRepository.learn(db, isPresent: true)
            }
            #expect(try await database.read(ProtectionRepository.current).hashes == [.torrent: ["aa"]])
            try await database.write { try $0.execute(sql: "DELETE FROM protected_downloads") }
            #expect(try await database.read(ProtectionRepository.current) == Protection())
        }
    }

    @Test(
        "a number is found in whatever kind of item has it",
        arguments: AssetType.allCases.flatMap { asset in
            [true, false].map { ItemKey(asset: asset, isQueued: $0, id: 5) }
        })
    func everyKind(key: ItemKey) async throws {
        try await withUserDatabase { database in
            try await database.write { try see($0, [(key, "aa"), (.torrent(6), "bb")]) }
            #expect(try await database.read { try ProtectionRepository.blocked($0, among: ["5", "6"]) } == [])
            try await set(database, ["5"])
            #expect(
                try await database.read(ProtectionRepository.current)
                    == Protection(numbers: [5], hashes: [key.asset: ["aa"]]))
            try await database.write { try see($0, [(ItemKey(asset: key.asset, id: 77), "aa")]) }
            #expect(
                try await database.read { try ProtectionRepository.blocked($0, among: ["5", "6", "77"]) } == [
                    "5", "77",
                ])
        }
    }

    @Test("lifting protection frees the download under all its numbers, and no other download") func lifts()
        async throws
    {
        try await withUserDatabase { database in
            try await database.write { db in
                try see(db, [(.torrent(5), "aa"), (.torrent(6), "aa")], misses: 1)
                try see(db, [(.usenet(6), "bb"), (.torrent(900), "aa")])
            }
            try await set(database, ["5", "6", "900"])
            try await set(database, ["900"], false)
            #expect(
                try await database.read(ProtectionRepository.current)
                    == Protection(numbers: [6], hashes: [.usenet: ["bb"]]))
            try await database.write { db in
                try ProtectionRepository.learn(db, isPresent: true)
                try ProtectionRepository.spread(db, at: .noon)
            }
            #expect(try await numbers(database) == [6])
        }
    }

    @Test("hashes follow an item out of the queue") func hashesFollow() async throws {
        try await withUserDatabase { database in
            try await database.write { try see($0, [(.queued(5), "aa")]) }
            try await set(database, ["5"])
            try await database.write {
                try ProtectionRepository.follow($0, from: .queued(5), to: .torrent(900), at: .noon)
            }
            #expect(
                try await database.read(ProtectionRepository.current)
                    == Protection(numbers: [900], hashes: [.torrent: ["aa"]]))
        }
    }
}
