import DomainModel
import Foundation
import GRDB
import Logging
import Storage
import Synchronization
import Testing

@testable import UserStore

@Suite(.timeLimit(.minutes(1))) struct UserDatabasePoolTests {
    private func withPool(limit: Int, _ body: (UserDatabasePool, String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let pool = UserDatabasePool(opener: UserDatabaseOpener(folder), limit: limit, logger: logger)
            try await body(pool, folder)
            try await pool.closeAll()
            #expect(pool.statistics.open == 0)
        }
    }

    private func touch(_ pool: UserDatabasePool, _ number: UInt8) async throws {
        try await pool.withDatabase(of: .sample(number)) { database in
            try await database.write { try $0.execute(sql: "INSERT INTO tags(name) VALUES (hex(randomblob(8)))") }
        }
    }

    private func tagCount(_ pool: UserDatabasePool, _ number: UInt8) async throws -> Int {
        try await pool.withDatabase(of: .sample(number)) { database in
            try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tags") ?? 0 }
        }
    }

    /// A use that lasts until the gate opens; returns once it has begun.
    private func hold(_ pool: UserDatabasePool, _ number: UInt8, _ gate: Gate) async throws -> Task<Void, any Error> {
        let begun = Gate()
        let task = Task {
            try await pool.withDatabase(of: .sample(number)) { _ in
                begun.open()
                await gate.pass()
            }
        }
        await begun.pass()
        return task
    }

    @Test("a user's file is made on first use and found open on the second") func makesAndKeeps() async throws {
        try await withPool(limit: 2) { pool, folder in
            #expect(!pool.fileExists(for: .sample(1)))
            try await touch(pool, 1)
            try await touch(pool, 1)
            #expect(pool.fileExists(for: .sample(1)))
            #expect(PrivateFiles.exists("\(folder)/user_\(UserID.sample(1).hex).sqlite"))
            #expect(!PrivateFiles.isOpenToOthers(pool.path(of: .sample(1))))
            let statistics = pool.statistics
            #expect(statistics.hits == 1 && statistics.misses == 1)
            #expect(statistics.open == 1 && statistics.inUse == 0)
        }
    }

    @Test("the longest unused file is closed to make room, and loses nothing by it") func evicts() async throws {
        try await withPool(limit: 2) { pool, _ in
            for number: UInt8 in [1, 2, 1, 3] { try await touch(pool, number) }
            #expect(pool.statistics.evictions == 1)
            let before = pool.statistics.misses
            #expect(try await tagCount(pool, 1) == 2)
            #expect(pool.statistics.misses == before, "1 was used after 2, so 2 had to go")
            #expect(try await tagCount(pool, 2) == 1)
            #expect(pool.statistics.open == 2)
        }
    }

    @Test("many users in many tasks never exceed the limit and all get their own file") func bound() async throws {
        try await withPool(limit: 3) { pool, _ in
            let most = Shared(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<200 {
                    group.addTask {
                        try await pool.withDatabase(of: .sample(UInt8(round % 17))) { database in
                            #expect(database.user == .sample(UInt8(round % 17)))
                            most.change { $0 = max($0, pool.statistics.open) }
                            try await database.write { db in
                                try db.execute(sql: "INSERT INTO tags(name) VALUES (?)", arguments: ["round \(round)"])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect((1...3).contains(most.value))
            var total = 0
            for number in 0..<UInt8(17) { total += try await tagCount(pool, number) }
            #expect(total == 200)
            #expect(pool.statistics.waiting == 0 && pool.statistics.inUse == 0)
        }
    }

    @Test("when all files are in use a caller waits, and gets the first one free") func waits() async throws {
        try await withPool(limit: 1) { pool, _ in
            let gate = Gate()
            let holder = try await hold(pool, 1, gate)
            let waiter = Task { try await touch(pool, 2) }
            #expect(try await eventually { pool.statistics.waiting == 1 })
            #expect(pool.statistics.open == 1 && pool.statistics.inUse == 1)
            gate.open()
            try await holder.value
            try await waiter.value
            #expect(try await tagCount(pool, 2) == 1)
        }
    }

    @Test("a caller that is cancelled while waiting leaves, and those behind are served") func cancelledWaiter()
        async throws
    {
        try await withPool(limit: 1) { pool, _ in
            let gate = Gate()
            let holder = try await hold(pool, 1, gate)
            let first = Task { try await touch(pool, 2) }
            #expect(try await eventually { pool.statistics.waiting == 1 })
            // Waits along with the first for the same file, and must not fail with it.
            let along = Task { try await touch(pool, 2) }
            let second = Task { try await touch(pool, 3) }
            #expect(try await eventually { pool.statistics.waiting == 2 })
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            gate.open()
            for task in [holder, along, second] { try await task.value }
            #expect(try await tagCount(pool, 2) == 1)
            #expect(try await tagCount(pool, 3) == 1)
        }
    }

    @Test("a task that is cancelled already gets no file") func cancelledBefore() async throws {
        try await withPool(limit: 1) { pool, _ in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await touch(pool, 1)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(pool.statistics.open == 0)
        }
    }

    @Test("many who want the same closed file open it once between them") func singleFlight() async throws {
        try await withPool(limit: 4) { pool, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { try await touch(pool, 9) } }
                try await group.waitForAll()
            }
            #expect(pool.statistics.misses == 1)
            #expect(pool.statistics.hits == 49)
            #expect(try await tagCount(pool, 9) == 50)
        }
    }

    @Test("a damaged file fails its own user only, is left as it is, and takes no room") func damagedFile() async throws
    {
        try await withPool(limit: 1) { pool, folder in
            let text = Data(String(repeating: "no database at all. ", count: 500).utf8)
            try text.write(to: URL(fileURLWithPath: pool.path(of: .sample(1))))
            let error = try await #require(throws: StorageError.self) { try await touch(pool, 1) }
            #expect(error.code == .notADatabase)
            #expect(error.message.contains("user \(UserID.sample(1).short)"))
            #expect(error.hint?.contains("backup") == true)
            try await touch(pool, 2)
            #expect(try await storageCode { try await touch(pool, 1) } == .notADatabase)
            #expect(try Data(contentsOf: URL(fileURLWithPath: pool.path(of: .sample(1)))) == text)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".new-") } == [])
        }
    }

    @Test("a file of a newer version of ours is refused") func newerFile() async throws {
        try await withPool(limit: 1) { pool, _ in
            try await pool.withDatabase(of: .sample(1)) { database in
                try await database.write { db in
                    try db.execute(sql: "INSERT INTO tbx_migration VALUES ('user', 99, 'future', 'x', 0)")
                }
            }
            try await touch(pool, 2)
            #expect(try await storageCode { try await touch(pool, 1) } == .newerSchema)
        }
    }

    @Test("closing a slot waits for uses, closes its files, and lets none of it open until admitted") func closesSlot()
        async throws
    {
        try await withPool(limit: 3) { pool, _ in
            try await touch(pool, 2)
            let gate = Gate()
            let holder = try await hold(pool, 1, gate)
            let isClosed = Shared(false)
            let closing = Task {
                try await pool.close(Slot(1))
                isClosed.change { $0 = true }
            }
            // Until the closing has begun the file is still to be had.
            var refused: StorageError?
            while refused == nil {
                do { try await touch(pool, 1) } catch let error as StorageError { refused = error }
            }
            #expect(refused?.code == .closed)
            #expect(!isClosed.value)
            gate.open()
            try await holder.value
            try await closing.value
            #expect(!PrivateFiles.exists(pool.path(of: .sample(1)) + "-wal"), "closed files leave no log behind")
            #expect(pool.statistics.open == 1, "the other slot's file stays open")
            pool.admit(Slot(1))
            try await touch(pool, 1)
        }
    }

    @Test("closing in the middle of openings and uses ends, and every use was whole or refused")
    func closesAmidOpenings() async throws {
        try await withPool(limit: 2) { pool, _ in
            for round in 0..<60 {
                let number = UInt8(round % 5)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            do { try await touch(pool, number) } catch let error as StorageError {
                                #expect(error.code == .closed)
                            }
                        }
                    }
                    group.addTask { try await touch(pool, 200) }
                    group.addTask { try await pool.close(Slot(number)) }
                    group.addTask { try await pool.close(Slot(number)) }
                    try await group.waitForAll()
                }
                #expect(pool.statistics.inUse == 0)
                pool.admit(Slot(number))
            }
        }
    }

    @Test("closing everything refuses those who wait for room") func closeAllRefusesWaiters() async throws {
        try await withPool(limit: 1) { pool, _ in
            let gate = Gate()
            let holder = try await hold(pool, 1, gate)
            let waiter = Task { try await touch(pool, 2) }
            #expect(try await eventually { pool.statistics.waiting == 1 })
            let closing = Task { try await pool.closeAll() }
            #expect(try await storageCode { try await waiter.value } == .closed)
            gate.open()
            try await holder.value
            try await closing.value
        }
    }

    @Test("a closing that is cancelled gives up, and the file stays with its users") func cancelledClosing()
        async throws
    {
        try await withPool(limit: 1) { pool, _ in
            let gate = Gate()
            let holder = try await hold(pool, 1, gate)
            let closing = Task { try await pool.close(Slot(1)) }
            closing.cancel()
            await #expect(throws: CancellationError.self) { try await closing.value }
            gate.open()
            try await holder.value
        }
    }

    @Test("errors of the body come through, and the file is free again") func bodyErrors() async throws {
        struct Refusal: Error {}
        try await withPool(limit: 1) { pool, _ in
            await #expect(throws: Refusal.self) { try await pool.withDatabase(of: .sample(1)) { _ in throw Refusal() } }
            try await touch(pool, 2)
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct ClosedFileTests {
    private func withPool(_ body: (UserDatabasePool) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let pool = UserDatabasePool(opener: UserDatabaseOpener(folder), limit: 1, logger: logger)
            try await body(pool)
            try await pool.closeAll()
            #expect(pool.statistics.open == 0)
        }
    }

    private func addTag(_ pool: UserDatabasePool) async throws {
        try await pool.withDatabase(of: .sample(1)) { database in
            try await database.write { try $0.execute(sql: "INSERT INTO tags(name) VALUES (hex(randomblob(8)))") }
        }
    }

    private func tags(_ pool: UserDatabasePool) async throws -> Int? {
        try await pool.withDatabase(of: .sample(1)) { database in
            try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tags") }
        }
    }

    @Test("a file is closed once nobody uses it, and who wants it meanwhile gets what it then is") func replaces()
        async throws
    {
        try await withPool { pool in
            try await addTag(pool)
            let (begun, gate) = (Gate(), Gate())
            async let use: Void = pool.withDatabase(of: .sample(1)) { _ in
                begun.open()
                await gate.pass()
            }
            await begun.pass()
            async let removal: Bool = pool.withClosedFile(of: .sample(1)) { path in
                let hadJournal = PrivateFiles.exists("\(path)-wal")
                PrivateFiles.removeDatabase(path)
                return hadJournal
            }
            gate.open()
            try await use
            #expect(try await !removal)
            #expect(try await tags(pool) == 0)
        }
    }

    @Test("a removed user's file is not made again until the user is admitted") func removes() async throws {
        try await withPool { pool in
            try await addTag(pool)
            try await pool.withClosedFile(of: .sample(1), staysShut: true) { PrivateFiles.removeDatabase($0) }
            let error = await #expect(throws: StorageError.self) { try await addTag(pool) }
            #expect(error?.code == .closed)
            #expect(!pool.fileExists(for: .sample(1)))
            pool.admit(.sample(1))
            #expect(try await tags(pool) == 0)
        }
    }

    @Test("a body that fails leaves the file usable") func fails() async throws {
        struct Failure: Error {}
        try await withPool { pool in
            await #expect(throws: Failure.self) {
                try await pool.withClosedFile(of: .sample(1), staysShut: true) { _ in throw Failure() }
            }
            try await addTag(pool)
            #expect(try await tags(pool) == 1)
        }
    }

    @Test("giving up the slot waits for whoever has the closed file") func handOver() async throws {
        try await withPool { pool in
            try await addTag(pool)
            let (begun, gate) = (Gate(), DispatchSemaphore(value: 0))
            async let body: Void = pool.withClosedFile(of: .sample(1)) { _ in
                begun.open()
                gate.wait()
            }
            await begun.pass()
            let order = Mutex<[String]>([])
            async let closing: Void = {
                try await pool.close(UserID.sample(1).slot)
                order.withLock { $0.append("slot closed") }
            }()
            // Another user of the slot is refused once the closing has begun.
            let neighbour = try #require(UserID("01" + String(repeating: "1", count: 62)))
            while (try? await pool.withDatabase(of: neighbour) { _ in true }) != nil { await Task.yield() }
            order.withLock { $0.append("file released") }
            gate.signal()
            try await body
            try await closing
            #expect(order.withLock { $0 } == ["file released", "slot closed"])
        }
    }

    @Test("a backup is one private file with everything in it") func backup() async throws {
        try await withPool { pool in
            for _ in 0..<3 { try await addTag(pool) }
            let copy = pool.path(of: .sample(1)) + ".copy"
            try await pool.withDatabase(of: .sample(1)) { database in
                try await database.backUp(to: copy)
                await #expect(throws: StorageError.self) { try await database.backUp(to: copy) }
                try await database.compact()
            }
            #expect(!PrivateFiles.isOpenToOthers(copy))
            #expect(!PrivateFiles.exists("\(copy)-wal"))
            let queue = try DatabaseQueue(path: copy)
            #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tags") } == 3)
            #expect(try await queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "delete")
        }
    }
}
