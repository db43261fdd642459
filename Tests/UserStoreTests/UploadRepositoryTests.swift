import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct UploadRepositoryTests {
    private func add(_ database: UserDatabase, _ names: [String], _ asset: AssetType = .torrent) async throws
        -> [UploadRow]
    {
        let new = names.map { NewUpload(asset: asset, source: .magnet, url: "magnet:?\($0)", name: $0) }
        return try await database.write { try UploadRepository.insert($0, new, at: .noon) }
    }

    @Test("rows come back as they went in, numbered at the end of the queue")
    func roundTrip() async throws {
        try await withUserDatabase { database in
            let new = NewUpload(
                asset: .usenet, source: .file, filePath: "p", fileSize: 7, name: "n", seed: 2, allowsZip: false,
                asQueued: true, onlyIfCached: true, password: "s")
            let row = try #require(try await database.write { try UploadRepository.insert($0, [new], at: .noon) }.first)
            #expect(row.asset == .usenet && row.source == .file && row.filePath == "p" && row.fileSize == 7)
            #expect(row.seed == 2 && !row.allowsZip && row.asQueued && row.onlyIfCached && row.password == "s")
            #expect(row.status == .queued && row.queueOrder == 1 && row.createdAt == .noon && row.wasCached == nil)
            #expect(try await add(database, ["a", "b"]).map(\.queueOrder) == [2, 3])
            #expect(try await database.read { try UploadRepository.get($0, row.id) } == row)
            let counted = try await database.read {
                (try UploadRepository.queuedCount($0), try UploadRepository.retained($0))
            }
            #expect(counted.0 == 3 && counted.1.files == 1 && counted.1.bytes == 7)
        }
    }

    @Test("stock's rows are read with its defaults and its spellings of at once, and unknown ones passed over")
    func stock() async throws {
        try await withUserDatabase { database in
            try await database.write { db in
                for next in [
                    "NULL", "''", "'0'", "'0000-00-00 00:00:00'", "'2026-08-20T09:59:59.000Z'", "'2026-08-20 10:00:01'",
                ] {
                    try db.execute(
                        sql:
                            "INSERT INTO uploads(type, upload_type, name, next_attempt_at) VALUES ('torrent', 'magnet', 'n', \(next))"
                    )
                }
                try db.execute(sql: "INSERT INTO uploads(type, upload_type, name) VALUES ('film', 'magnet', 'n')")
            }
            let ready = try await database.read { try UploadRepository.ready($0, .torrent, at: .noon, limit: 50) }
            #expect(ready.map(\.id) == [1, 2, 3, 4, 5])
            #expect(ready[0].allowsZip && !ready[0].asQueued)
            #expect(
                try await database.read { try UploadRepository.nextAttempt($0, .torrent, after: .noon) } == .noon(1))
            let page = try await database.read { try UploadRepository.page($0, .init(), page: 1, limit: 50) }
            #expect(page.total == 6 && page.rows.count == 6)
        }
    }

    @Test("what stock left in processing is completed where a success is on record, else marked as of unknown fate")
    func adopted() async throws {
        try await withUserDatabase { database in
            let rows = try await add(database, ["done", "open", "queued"])
            let taken = try await database.write { db in
                try db.execute(
                    sql:
                        "UPDATE uploads SET status = 'processing', last_processed_at = '2026-08-20 09:00:00' WHERE id < 3"
                )
                try UploadAttemptRepository.record(db, upload: rows[0].id, .torrent, .success, status: 200, at: .noon)
                return try UploadRepository.takeUpInterrupted(db, message: "m", at: .noon)
            }
            #expect(taken.count == 2)
            let after = try await database.read { try UploadRepository.get($0, rows.map(\.id)) }
            #expect(after.map(\.status) == [.completed, .queued, .queued])
            #expect(after[1].unsettledSince == .noon(-3_600) && after[1].errorMessage == "m")
            #expect(after[2].unsettledSince == nil)
        }
    }

    @Test("a create is on record before it is sent, and only while its row is queued")
    func begin() async throws {
        try await withUserDatabase { database in
            let row = try await add(database, ["a"])[0]
            let attempt = try await database.write { try UploadRepository.begin($0, row, at: .noon) }
            #expect(attempt != nil)
            #expect(try await database.write { try UploadRepository.begin($0, row, at: .noon) } == nil)
            let open = try #require(try await database.read { try UploadRepository.get($0, row.id) })
            #expect(open.status == .processing && open.unsettledSince == .noon && open.lastProcessedAt == .noon)
            try await database.write { db in
                try UploadAttemptRepository.finish(db, try #require(attempt), .success, status: 200, wasCached: true)
                try UploadRepository.complete(db, row.id, UploadResult(hash: "h", id: 5, authID: "u"), at: .noon(1))
            }
            let done = try #require(try await database.read { try UploadRepository.get($0, row.id) })
            #expect(done.status == .completed && done.unsettledSince == nil && done.wasCached == true)
            #expect(
                done.torboxHash == "h" && done.torboxID == 5 && done.torboxAuthID == "u" && done.completedAt == .noon(1)
            )
            #expect(try await database.read { try UploadRepository.claimedIDs($0, .torrent) } == [5])
        }
    }

    @Test("attempts tell what was settled and when to come back, and old ones go unless they are open")
    func attempts() async throws {
        try await withUserDatabase { database in
            try await database.write { db in
                try UploadAttemptRepository.record(
                    db, upload: 1, .torrent, .limited, status: 429, retryAt: .noon(60), detail: "60 per 1 hour",
                    at: .noon)
                try UploadAttemptRepository.record(db, upload: 1, .torrent, .lost, at: .noon(1))
                try UploadAttemptRepository.record(db, upload: 1, .torrent, .doubtful, at: .noon(2))
                try UploadAttemptRepository.record(db, upload: 2, .usenet, .pending, at: .noon(3))
            }
            func outcomes(_ asset: AssetType = .torrent) async throws -> [UploadAttempt.Outcome] {
                try await database.read {
                    try UploadAttemptRepository.recent($0, asset, since: .noon(-1)).map(\.outcome)
                }
            }
            let all = try await database.read { try UploadAttemptRepository.recent($0, .torrent, since: .noon(-1)) }
            #expect(
                all.map(\.outcome) == [.doubtful, .lost, .limited] && all[2].retryAt == .noon(60)
                    && all[2].status == 429)
            try await database.write { try UploadAttemptRepository.settleAsNotDone($0, upload: 1) }
            #expect(try await outcomes() == [.troubled, .notCreated, .limited])
            try await database.write { try UploadAttemptRepository.prune($0, at: .noon(8 * 86_400)) }
            #expect(try await outcomes() == [])
            #expect(try await outcomes(.usenet) == [.pending])
            try await database.write { try UploadAttemptRepository.settleAsDone($0, upload: 2) }
            #expect(try await outcomes(.usenet) == [.success])
        }
    }

    @Test("files of ended uploads may go, completed ones first, and are not counted once they are gone")
    func files() async throws {
        try await withUserDatabase { database in
            let new = (1...3).map {
                NewUpload(asset: .torrent, source: .file, filePath: "p\($0)", fileSize: 10, name: "n")
            }
            let rows = try await database.write { db in
                let rows = try UploadRepository.insert(db, new, at: .noon)
                try UploadRepository.fail(db, rows[0].id, message: "m", at: .noon)
                try UploadRepository.complete(db, rows[1].id, UploadResult(), at: .noon(5))
                return rows
            }
            let evictable = try await database.read { try UploadRepository.evictable($0, limit: 9) }
            #expect(evictable.map(\.id) == [rows[1].id, rows[0].id])
            try await database.write { try UploadRepository.markFileDeleted($0, [rows[1].id], at: .noon) }
            #expect(try await database.read { try UploadRepository.retained($0).files } == 2)
            #expect(try await database.read { try UploadRepository.referenced($0, among: ["p1", "x"]) } == ["p1"])
            #expect(try await database.read { try UploadRepository.isAwaited($0, file: "p3") })
            #expect(try await database.read { try !UploadRepository.isAwaited($0, file: "p1") })
        }
    }
}
