import Foundation
import GRDB
import Storage
import Testing

@Suite struct DatabaseConnectionTests {
    private struct Refusal: Error {}

    private func withConnection(_ body: (DatabaseConnection, String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let queue = try DatabaseFile.open(path: "\(folder)/a.sqlite", kind: .somebody)
            let connection = DatabaseConnection(queue, kind: .somebody)
            try await connection.write { try $0.execute(sql: "CREATE TABLE t (a UNIQUE)") }
            try await body(connection, folder)
            try await connection.close()
        }
    }

    private func code(_ body: () async throws -> Void) async throws -> StorageError.Code {
        try await #require(throws: StorageError.self) { try await body() }.code
    }

    private func rows(_ connection: DatabaseConnection) async throws -> [Int] {
        try await connection.read { try Int.fetchAll($0, sql: "SELECT a FROM t ORDER BY a") }
    }

    @Test("a write that throws leaves nothing behind, and its own error comes through") func undo() async throws {
        try await withConnection { connection, _ in
            await #expect(throws: Refusal.self) {
                try await connection.write { db in
                    try db.execute(sql: "INSERT INTO t VALUES (1)")
                    throw Refusal()
                }
            }
            let left = try await rows(connection)
            #expect(left.isEmpty)
        }
    }

    @Test("SQLite's refusals come as storage errors that name the user") func translation() async throws {
        try await withConnection { connection, _ in
            let error = try await #require(throws: StorageError.self) {
                try await connection.write { try $0.execute(sql: "INSERT INTO t VALUES (1), (1)") }
            }
            #expect(error.code == .constraint)
            #expect(error.message.hasPrefix("cannot write the database of user 0a0a0a0a: UNIQUE"))
        }
    }

    @Test("a read cannot write, and a write after it can") func readOnly() async throws {
        try await withConnection { connection, _ in
            let code = try await code { try await connection.read { try $0.execute(sql: "INSERT INTO t VALUES (1)") } }
            #expect(code == .readOnly)
            try await connection.write { try $0.execute(sql: "INSERT INTO t VALUES (2)") }
            #expect(try await rows(connection) == [2])
        }
    }

    @Test("after closing, everything is refused as closed, and closing again is harmless") func closed() async throws {
        try await withConnection { connection, _ in
            try await connection.close()
            #expect(try await code { _ = try await rows(connection) } == .closed)
            #expect(try await code { try await connection.checkpoint() } == .closed)
            try await connection.close()
        }
    }

    @Test("a cancelled task's write is written all the same") func cancellation() async throws {
        try await withConnection { connection, _ in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await connection.write { try $0.execute(sql: "INSERT INTO t VALUES (3)") }
            }
            try await task.value
            #expect(try await rows(connection) == [3])
        }
    }

    @Test("what was begun before closing is finished first") func finishesFirst() async throws {
        try await withConnection { connection, folder in
            async let write: Void = connection.write { db in
                for number in 1...2_000 { try db.execute(sql: "INSERT INTO t VALUES (?)", arguments: [number]) }
            }
            // Either the write was begun and is whole, or it came too late and was refused.
            try await connection.close()
            let written: Bool
            do {
                try await write
                written = true
            } catch let error as StorageError where error.code == .closed {
                written = false
            }
            let queue = try DatabaseFile.open(path: "\(folder)/a.sqlite", kind: .somebody)
            #expect(try queue.strings("SELECT count(*) FROM t") == [written ? "2000" : "0"])
        }
    }

    @Test("a copy is whole and private, and never replaces a file") func copy() async throws {
        try await withConnection { connection, folder in
            try await connection.write { try $0.execute(sql: "INSERT INTO t VALUES (4)") }
            try await connection.copy(to: "\(folder)/copy.sqlite")
            let copied = try DatabaseFile.open(path: "\(folder)/copy.sqlite", kind: .somebody)
            #expect(try copied.strings("SELECT a FROM t") == ["4"])
            #expect(!PrivateFiles.isOpenToOthers("\(folder)/copy.sqlite"))
            #expect(try await code { try await connection.copy(to: "\(folder)/copy.sqlite") } == .cannotOpen)
        }
    }

    @Test(
        "closed to be opened again soon, a file keeps its emptied journal beside it; closed for good, it stands alone")
    func soonAgain() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.sqlite"
            func connection() throws -> DatabaseConnection {
                DatabaseConnection(try DatabaseFile.open(path: path, kind: .somebody), kind: .somebody)
            }
            let first = try connection()
            try await first.write { try $0.execute(sql: "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (7)") }
            try await first.close(soonAgain: true)
            #expect(PrivateFiles.size(of: path + "-wal") == 0)
            // All is in the file itself: whoever copies that has everything.
            try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/copy.sqlite")
            #expect(
                try DatabaseFile.open(path: "\(folder)/copy.sqlite", kind: .somebody).strings("SELECT a FROM t") == [
                    "7"
                ])
            let second = try connection()
            #expect(try await rows(second) == [7])
            try await second.write { try $0.execute(sql: "INSERT INTO t VALUES (8)") }
            try await second.close()
            #expect(!PrivateFiles.exists(path + "-wal"))
            #expect(!PrivateFiles.exists(path + "-shm"))
            #expect(
                try DatabaseFile.open(path: path, kind: .somebody).strings("SELECT a FROM t ORDER BY a") == ["7", "8"])
        }
    }

    @Test("on a thread that may wait, access stays on that thread, and all else is as elsewhere") func waitingThread()
        async throws
    {
        try await withConnection { connection, folder in
            let lane = WaitingLane()
            try await withTaskExecutorPreference(lane) {
                #expect(WaitingThread.isCurrent)
                try await connection.write { db in
                    #expect(WaitingThread.isCurrent)
                    try db.execute(sql: "INSERT INTO t VALUES (5)")
                }
                #expect(try await rows(connection) == [5])
                await #expect(throws: Refusal.self) { try await connection.write { _ in throw Refusal() } }
                try await connection.copy(to: "\(folder)/copy.sqlite")
                #expect(try await Blocking.run { WaitingThread.isCurrent })
                try await connection.close()
                #expect(try await code { _ = try await rows(connection) } == .closed)
            }
            #expect(!WaitingThread.isCurrent)
        }
    }
}

/// One thread that may wait.
private final class WaitingLane: TaskExecutor {
    private let queue = DispatchQueue(label: "lane")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            // Dispatch lends its threads: the mark is taken back before another has this one.
            WaitingThread.markCurrent()
            defer { WaitingThread.unmarkCurrent() }
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
