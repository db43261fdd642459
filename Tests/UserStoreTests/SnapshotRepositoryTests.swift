import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct SnapshotRepositoryTests {
    private let full = TrackedItem(
        key: .queued(5), hash: "abc", name: "", state: "downloading", downloaded: .max, uploaded: 0, progress: 0.25,
        firstSeen: .noon, lastSeen: .noon(1), misses: 2, missingSince: .noon(2),
        telemetry: Telemetry(
            lastDownloadActivity: .noon(3), lastUploadActivity: .noon(4), downloadStalledSince: .noon(5),
            uploadStalledSince: .noon(6)),
        downloadWatchedSince: .noon(8), uploadWatchedSince: .noon(9), sampledAt: .noon(7))

    private func bare(_ key: ItemKey) -> TrackedItem { TrackedItem(key: key, firstSeen: .noon, lastSeen: .noon) }

    private func apply(_ database: UserDatabase, _ changes: SnapshotChanges) async throws -> [ItemKey: Int64] {
        try await database.write { try SnapshotRepository.apply($0, changes, at: .noon) }
    }

    private func load(
        _ database: UserDatabase, sharingTextsOf shown: [DownloadItem] = []
    ) async throws -> [ItemKey: TrackedItem] {
        try await database.read { try SnapshotRepository.loadAll($0, sharingTextsOf: shown) }
    }

    @Test("what is known is read as it is stored, whatever TorBox shows now and in which order")
    func sharedTexts() async throws {
        try await withUserDatabase { database in
            let stored = (Int64(1)...300).map { id in
                var item = bare(ItemKey(asset: .torrent, id: id))
                item.hash = id.isMultiple(of: 7) ? nil : "hash \(id) of some forty characters in length"
                item.name = id.isMultiple(of: 5) ? nil : "a name of more than fifteen bytes, \(id)"
                return item
            }
            _ = try await apply(database, SnapshotChanges(inserts: stored))
            let plain = try await load(database)
            #expect(plain.count == 300)
            let shown = stored.map { known in
                var item = DownloadItem(key: known.key)
                // Some texts are the same, some as long but others, some longer, some missing.
                item.hash = known.key.id.isMultiple(of: 3) ? known.hash : known.hash.map { $0.uppercased() }
                item.name = known.key.id.isMultiple(of: 2) ? known.name : known.name.map { $0 + "." }
                return item
            }
            let fresh = (Int64(1_001)...1_100).map { DownloadItem(key: ItemKey(asset: .torrent, id: $0)) }
            for list in [
                shown, shown.reversed(), fresh + shown, Array(shown.dropFirst(40)), Array(fresh.prefix(30)) + shown,
            ] {
                #expect(try await load(database, sharingTextsOf: list) == plain)
            }
        }
    }

    private func samples(
        _ database: UserDatabase, since: Timestamp = .noon(-1_000_000)
    ) async throws -> [ItemKey: [SpeedSample]] {
        try await database.read { db in
            try SnapshotRepository.samples(db, of: SnapshotRepository.loadAll(db).values, since: since)
        }
    }

    @Test("every field comes back, full or empty") func roundTrip() async throws {
        try await withUserDatabase { database in
            let ids = try await apply(database, SnapshotChanges(inserts: [full, bare(.usenet(5))]))
            var expected = [full.key: full, .usenet(5): bare(.usenet(5))]
            for (key, pk) in ids { expected[key]?.pk = pk }
            #expect(try await load(database) == expected)
        }
    }

    @Test("the same number of another kind or from the queue is another item") func keys() async throws {
        try await withUserDatabase { database in
            let ids = try await apply(
                database, SnapshotChanges(inserts: [bare(.torrent(5)), bare(.usenet(5)), bare(.queued(5))]))
            #expect(Set(ids.values).count == 3)
            #expect(try await load(database).count == 3)
        }
    }

    @Test("an item that leaves the queue keeps its row, history and samples under its new key") func rekeys()
        async throws
    {
        try await withUserDatabase { database in
            let sample = SpeedSample(at: .noon, downloaded: 1, uploaded: 2)
            let ids = try await apply(
                database, SnapshotChanges(inserts: [full], samples: [(full.key, sample)]))
            var moved = full
            moved.pk = ids[full.key]
            moved.key = .torrent(900)
            let next = SpeedSample(at: .noon(60), downloaded: 3, uploaded: 4)
            _ = try await apply(database, SnapshotChanges(moves: [moved], samples: [(moved.key, next)]))
            #expect(try await load(database) == [.torrent(900): moved])
            #expect(try await samples(database) == [.torrent(900): [sample, next]])
        }
    }

    @Test("however many are new, all are stored under the rows that are told", arguments: [0, 1, 9, 10, 11, 25])
    func manyNew(count: Int) async throws {
        try await withUserDatabase { database in
            let before = try await apply(database, SnapshotChanges(inserts: [full]))
            let items = (0..<count).map { number in
                var item = full
                item.key = ItemKey(asset: .usenet, id: Int64(1_000 - number))
                item.hash = number.isMultiple(of: 2) ? nil : "hash \(number)"
                return item
            }
            let inserted = try await apply(database, SnapshotChanges(inserts: items))
            #expect(Set(inserted.keys) == Set(items.map(\.key)))
            var expected = (items + [full]).reduce(into: [:]) { $0[$1.key] = $1 }
            for (key, pk) in before.merging(inserted, uniquingKeysWith: { $1 }) { expected[key]?.pk = pk }
            #expect(try await load(database) == expected)
            #expect(try await database.integrityProblems(isThorough: true) == [])
        }
    }

    @Test("when one of many new ones cannot be stored, none is") func allOrNone() async throws {
        try await withUserDatabase { database in
            let stored = try await apply(database, SnapshotChanges(inserts: [bare(.torrent(7))]))
            let items = (Int64(1)...20).map { bare(ItemKey(asset: .torrent, id: $0)) }
            await #expect(throws: (any Error).self) { try await apply(database, SnapshotChanges(inserts: items)) }
            #expect(try await load(database).values.map(\.pk) == [stored[.torrent(7)]])
        }
    }

    @Test("a changed item keeps its row, and its indexes are sound") func updates() async throws {
        try await withUserDatabase { database in
            let ids = try await apply(database, SnapshotChanges(inserts: [full, bare(.torrent(1))]))
            var changed = full
            changed.pk = ids[full.key]
            changed.name = "renamed"
            changed.state = "seeding"
            changed.downloaded = 77
            changed.uploaded = nil
            changed.progress = 1
            changed.lastSeen = .noon(60)
            changed.misses = 2
            changed.missingSince = .noon(30)
            changed.sampledAt = .noon(60)
            changed.telemetry.lastUploadActivity = .noon(50)
            changed.telemetry.downloadStalledSince = nil
            let sample = SpeedSample(at: .noon(60), downloaded: 3, uploaded: 4)
            _ = try await apply(database, SnapshotChanges(updates: [changed], samples: [(changed.key, sample)]))
            #expect(try await load(database)[full.key] == changed)
            #expect(try await samples(database) == [full.key: [sample]])
            #expect(try await database.integrityProblems(isThorough: true) == [])
        }
    }

    @Test("an item whose hash shows late is found by it") func learnsHash() async throws {
        try await withUserDatabase { database in
            let ids = try await apply(database, SnapshotChanges(inserts: [bare(.torrent(1)), bare(.torrent(2))]))
            var known = bare(.torrent(1))
            known.pk = ids[known.key]
            known.hash = "abc"
            _ = try await apply(database, SnapshotChanges(moves: [known]))
            #expect(try await load(database)[known.key] == known)
            let found = try await database.read { db in
                try Int64.fetchAll(db, sql: "SELECT item_pk FROM tbx_item WHERE hash = 'abc'")
            }
            #expect(found == [known.pk])
        }
    }

    @Test("a number that is given up and taken in the same poll does not collide") func reuse() async throws {
        try await withUserDatabase { database in
            let old = try #require(
                try await apply(database, SnapshotChanges(inserts: [bare(.torrent(1))]))[.torrent(1)])
            let new = try await apply(database, SnapshotChanges(inserts: [bare(.torrent(1))], deletes: [old]))
            #expect(try await load(database).count == 1)
            #expect(new[.torrent(1)] != nil)
        }
    }

    @Test("a forgotten item takes its samples along; a sample for nobody is passed over") func forgets() async throws {
        try await withUserDatabase { database in
            let sample = SpeedSample(at: .noon, downloaded: 1, uploaded: 2)
            let ids = try await apply(
                database,
                SnapshotChanges(
                    inserts: [bare(.torrent(1)), bare(.torrent(2))],
                    samples: [(.torrent(1), sample), (.torrent(2), sample), (.torrent(3), sample)]))
            let gone = try #require(ids[.torrent(1)])
            _ = try await apply(database, SnapshotChanges(deletes: [gone]))
            #expect(try await samples(database) == [.torrent(2): [sample]])
            #expect(try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tbx_sample") } == 1)
        }
    }

    @Test("samples come oldest first, from the given moment on, and for known items without an update too") func since()
        async throws
    {
        try await withUserDatabase { database in
            _ = try await apply(database, SnapshotChanges(inserts: [bare(.torrent(1))]))
            let all = (0..<5).map { SpeedSample(at: .noon(Int64($0) * 60), downloaded: Int64($0), uploaded: 0) }
            _ = try await apply(database, SnapshotChanges(samples: all.reversed().map { (.torrent(1), $0) }))
            #expect(try await samples(database, since: .noon(120)) == [.torrent(1): Array(all[2...])])
            let count = try await database.write { try SnapshotRepository.pruneSamples($0, before: .noon(180)) }
            #expect(count == 3)
            #expect(try await samples(database) == [.torrent(1): Array(all[3...])])
            #expect(try await samples(database, since: .noon(999)).isEmpty)
        }
    }

    @Test("a second sample of the same moment replaces the first") func sameMoment() async throws {
        try await withUserDatabase { database in
            _ = try await apply(
                database,
                SnapshotChanges(
                    inserts: [bare(.torrent(1))],
                    samples: [1, 2].map { (.torrent(1), SpeedSample(at: .noon, downloaded: $0, uploaded: 0)) }))
            #expect(try await samples(database)[.torrent(1)]?.map(\.downloaded) == [2])
        }
    }

    @Test("complete snapshots are remembered by kind") func completed() async throws {
        try await withUserDatabase { database in
            #expect(try await database.read(SnapshotRepository.completed).isEmpty)
            _ = try await apply(database, SnapshotChanges(completed: [.torrent: 3, .usenet: 0]))
            #expect(try await database.read(SnapshotRepository.completed) == [.torrent: .noon, .usenet: .noon])
        }
    }

    @Test("a poll in which nothing changed writes nothing but the time") func quiet() async throws {
        try await withUserDatabase { database in
            _ = try await apply(database, SnapshotChanges(inserts: (0..<500).map { bare(.torrent($0)) }))
            let changes = try await database.write { db in
                let before = db.totalChangesCount
                _ = try SnapshotRepository.apply(db, SnapshotChanges(completed: [.torrent: 500]), at: .noon(60))
                return db.totalChangesCount - before
            }
            #expect(changes == 1)
        }
    }
}
