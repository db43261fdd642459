import DomainModel
import GRDB
import Testing

@testable import UserStore

@Suite struct ParkedBatchRepositoryTests {
    private static func parking(
        _ reason: ParkedBatch.Reason = .limit, rule: RuleID = RuleID(1), library: Int = 40
    ) -> NewParking {
        NewParking(
            rule: rule, ruleName: "Trim", revision: 1, action: "delete", reason: reason, limit: 10, librarySize: library
        )
    }

    /// A database with rule 1 and one open batch of these items.
    private func withBatch(
        _ items: [ItemKey], _ body: (UserDatabase, Int64) async throws -> Void
    ) async throws {
        try await withUserDatabase { database in
            try await database.save([.sample()])
            let id = try await database.write { db in
                let id = try ParkedBatchRepository.park(db, Self.parking(), at: .noon)
                try Self.insert(db, items, into: id)
                return id
            }
            try await body(database, id)
        }
    }

    private static func insert(_ db: Database, _ items: [ItemKey], into batch: Int64) throws {
        let rows = items.map { item in
            var row = NewAction.sample(item, state: .parked)
            row.batchID = batch
            return row
        }
        _ = try ActionRepository.insert(db, rows, at: .noon)
    }

    private func live(_ database: UserDatabase) async throws -> [ParkedBatch] {
        try await database.read { try ParkedBatchRepository.live($0) }
    }

    @Test("a rule has one open batch, which later parkings bring up to date") func one() async throws {
        try await withBatch([.torrent(1)]) { database, id in
            let again = try await database.write { db in
                let again = try ParkedBatchRepository.park(db, Self.parking(library: 90), at: .noon(60))
                try Self.insert(db, [.torrent(2)], into: again)
                return again
            }
            #expect(again == id)
            let batches = try await live(database)
            #expect(batches.map(\.items.count) == [2])
            #expect(batches.first?.librarySize == 90)
            #expect(batches.first?.createdAt == .noon && batches.first?.updatedAt == .noon(60))
            #expect(try await database.read { try ParkedBatchRepository.countOpen($0) } == 1)
        }
    }

    @Test("what the breaker parked becomes a matter of the limit, never the other way round") func reasons()
        async throws
    {
        try await withUserDatabase { database in
            var seen: [ParkedBatch.Reason] = []
            for reason in [ParkedBatch.Reason.breaker, .limit, .breaker] {
                let batch = try await database.write { db in
                    try ParkedBatchRepository.get(
                        db, try ParkedBatchRepository.park(db, Self.parking(reason), at: .noon))
                }
                seen.append(try #require(batch?.reason))
            }
            #expect(seen == [.breaker, .limit, .limit])
        }
    }

    @Test("a batch is decided once, with all its items", arguments: [ParkedBatch.State.approved, .rejected])
    func decided(state: ParkedBatch.State) async throws {
        try await withBatch([.torrent(1), .torrent(2)]) { database, id in
            for expected in [true, false] {
                let isNew = try await database.write {
                    try ParkedBatchRepository.decide($0, id, state, at: .noon(5))
                }
                #expect(isNew == expected)
            }
            let batch = try #require(try await live(database).first)
            #expect(batch.state == state && batch.decidedAt == .noon(5))
            #expect(batch.items.map(\.state.rawValue) == [state.rawValue, state.rawValue])
            #expect(batch.items.allSatisfy { $0.finishedAt == nil })
            #expect(try await database.read { try ParkedBatchRepository.countOpen($0) } == 0)
            let next = try await database.write { try ParkedBatchRepository.park($0, Self.parking(), at: .noon(6)) }
            #expect(next != id)
        }
    }

    @Test("a batch closes with its last item, and says whether anything was decided") func closes() async throws {
        try await withBatch([.torrent(1), .torrent(2)]) { database, id in
            let ids = try #require(try await live(database).first).items.map(\.id)
            for (number, left) in [(0, 1), (1, 0)] {
                try await database.write { db in
                    try ParkedBatchRepository.end(db, ids[number], .dropped, detail: "gone", at: .noon(7))
                    try ParkedBatchRepository.closeEmpty(db, at: .noon(7))
                }
                #expect(try await live(database).map(\.items.count) == (left == 0 ? [] : [left]))
            }
            let batch = try #require(try await database.read { try ParkedBatchRepository.get($0, id) })
            #expect(batch.state == .withdrawn && batch.closedAt == .noon(7))
            #expect(batch.items.map(\.detail) == ["gone", "gone"])
        }
    }

    @Test(
        "a change of the rule ends its batches whatever was decided",
        arguments: [ParkedBatch.State.open, .approved, .rejected], ["changed", "off", "gone"])
    func withdrawn(state: ParkedBatch.State, how: String) async throws {
        try await withBatch([.torrent(1)]) { database, id in
            try await database.write { db in
                if state != .open { _ = try ParkedBatchRepository.decide(db, id, state, at: .noon(1)) }
                switch how {
                case "changed":
                    _ = try RuleRepository.replaceAll(db, with: [.sample(id: RuleID(1), minutes: 99)], now: .noon(5))
                case "off": try RuleRepository.setEnabled(db, RuleID(1), false, now: .noon(5))
                default: try RuleRepository.delete(db, RuleID(1), now: .noon(5))
                }
            }
            #expect(try await live(database).isEmpty)
            let batch = try #require(try await database.read { try ParkedBatchRepository.get($0, id) })
            #expect(batch.state == (state == .rejected ? .rejected : .withdrawn))
            #expect(batch.items.map(\.state) == [state == .rejected ? .rejected : .dropped])
            #expect(batch.items.first?.finishedAt == .noon(5))
        }
    }

    @Test("an item that leaves the queue is found under its new key") func follows() async throws {
        try await withBatch([.queued(7), .torrent(1)]) { database, _ in
            try await database.write { try ParkedBatchRepository.follow($0, from: .queued(7), to: .torrent(90)) }
            #expect(try await live(database).first?.items.map(\.item) == [.torrent(90), .torrent(1)])
        }
    }

    @Test("only closed batches are pruned, and by age") func prune() async throws {
        try await withBatch([.torrent(1)]) { database, id in
            try await database.write { try ParkedBatchRepository.prune($0, closedBefore: .noon(1_000_000)) }
            #expect(try await live(database).count == 1)
            _ = try await database.write { try RuleRepository.delete($0, RuleID(1), now: .noon(5)) }
            for (limit, isLeft) in [(5, true), (6, false)] as [(Int64, Bool)] {
                try await database.write { try ParkedBatchRepository.prune($0, closedBefore: .noon(limit)) }
                #expect(try await database.read { try ParkedBatchRepository.get($0, id) != nil } == isLeft)
            }
        }
    }
}
