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
}
