package import DomainModel
package import GRDB
import GRDBSQLite
import Migrations
import Synchronization

/// An open database file. All access is serialised, off the cooperative pool: where the caller stands when its thread may
/// wait (``WaitingThread``), else on the connection's own queue. Long work, and everything with a file that other processes
/// write too, is always done on the queue, so that nobody who may wait for a moment waits for long.
///
/// Calls run to their end even when the calling task is cancelled: what a caller has begun to write, such as the outcome of
/// an action, is written.
package final class DatabaseConnection: Sendable {
    package let kind: DatabaseKind
    private let queue: DatabaseQueue
    // Set before the closing gets to the queue, and looked at by all that runs there.
    private let isClosed = Atomic<Bool>(false)
    /// Long work that holds the queue, or waits for it.
    private let longWork = Atomic<Int>(0)

    /// - Parameter queue: From ``DatabaseFile``; used by nobody else from now on.
    package init(_ queue: DatabaseQueue, kind: DatabaseKind) {
        self.queue = queue
        self.kind = kind
    }

    /// Runs `body` in a transaction that may not write.
    ///
    /// SQL only: no waiting, no network, no logging in there.
    /// - Throws: ``StorageError`` for what SQLite refuses, and with code `closed` after ``close()``; whatever else `body`
    ///   throws, unchanged.
    package func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await run("read \(kind)") { db in try Self.reading(db, body) }
    }

    /// Runs `body` in one transaction, which is committed when it returns and undone when it throws. When this returns,
    /// the commit is as durable as the options say.
    ///
    /// SQL only: no waiting, no network, no logging in there.
    /// - Throws: as ``read(_:)``.
    package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await run("write \(kind)") { db in try Self.transaction(db, .immediate, body) }
    }

    /// Brings the file to the newest schema and returns the numbers of the steps taken; see ``SQLMigrator``.
    @discardableResult
    package func migrate(now: Timestamp) async throws -> [Int] {
        try await Blocking.run { [queue, kind] in try kind.migrator.migrate(queue, kind: kind, now: now) }
    }

    /// Moves what the `-wal` file holds into the main file, as far as possible without waiting for anybody.
    package func checkpoint() async throws {
        try await runLong("checkpoint \(kind)") { db in _ = try db.checkpoint(.passive) }
    }

    /// What is damaged; empty when sound. Reads the whole file.
    package func integrityProblems(isThorough: Bool = false) async throws -> [String] {
        try await runLong("check \(kind)") { db in try DatabaseIntegrity.problems(in: db, isThorough: isThorough) }
    }

    /// Writes a consistent, compacted copy of mode 0600 to a path where nothing is yet. Others wait meanwhile.
    package func copy(to destination: String) async throws {
        let (kind, operation) = (kind, "copy \(kind)")
        try await runLong(operation) { db in
            guard try PrivateFiles.makeFile(destination) else {
                throw StorageError(.cannotOpen, "cannot copy \(kind): \(destination) exists already")
            }
            // SQLite takes an empty file as nothing, and so keeps its mode.
            try db.execute(sql: "VACUUM INTO ?", arguments: [destination])
        }
    }

    /// Copies the file page by page through SQLite's online backup to a path where nothing is yet: one file of mode 0600
    /// without a journal beside it. Others wait meanwhile. What was made of a copy that fails is removed.
    package func backUp(to destination: String) async throws {
        let (kind, operation) = (kind, "back up \(kind)")
        try await runLong(operation) { db in
            guard try PrivateFiles.makeFile(destination) else {
                throw StorageError(.cannotOpen, "cannot back up \(kind): \(destination) exists already")
            }
            do {
                let copy = try DatabaseQueue(path: destination)
                try copy.writeWithoutTransaction { target in
                    try db.backup(to: target)
                    // The copied header asks for a journal beside the file; a backup is to be one file.
                    try target.execute(sql: "PRAGMA journal_mode = DELETE")
                }
                try copy.close()
            } catch {
                PrivateFiles.removeDatabase(destination)
                throw error
            }
        }
    }

    /// Gives unused pages back to the file system: rewrites the file, and empties its journal into it before and after.
    /// Others wait meanwhile.
    package func compact() async throws {
        try await runLong("compact \(kind)") { db in
            try db.execute(sql: "VACUUM")
            _ = try db.checkpoint(.truncate)
        }
    }

    /// Ends all access once what was begun is done, with the journal folded into the file. Closing twice is once.
    ///
    /// - Parameter soonAgain: Leaves the emptied `-wal` and the `-shm` file where they are, for a file that will be opened
    ///   again: making and removing them is a good part of what opening and closing cost.
    package func close(soonAgain: Bool = false) async throws {
        try await Blocking.run { try self.closeBlocking(soonAgain: soonAgain) }
    }

    /// As ``close(soonAgain:)``. Blocks.
    package func closeBlocking(soonAgain: Bool = false) throws {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        do {
            if soonAgain { queue.inDatabase(Self.keepJournalFiles) }
            try queue.close()
        } catch { throw StorageError(error, while: "close \(kind)") }
    }

    private static func keepJournalFiles(_ db: Database) {
        var isKept: CInt = 1
        // Should it be refused, the files are removed as ever.
        _ = sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isKept)
    }

    private func run<Value: Sendable>(
        _ operation: String, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        guard WaitingThread.isCurrent, kind.family == .user, longWork.load(ordering: .relaxed) == 0 else {
            return try await runOnQueue(operation, work)
        }
        return try queue.inDatabase { try perform(operation, $0, work) }
    }

    private func runLong<Value: Sendable>(
        _ operation: String, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        longWork.add(1, ordering: .relaxed)
        defer { longWork.subtract(1, ordering: .relaxed) }
        return try await runOnQueue(operation, work)
    }

    private func runOnQueue<Value: Sendable>(
        _ operation: String, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { db in
                continuation.resume(with: Result { try self.perform(operation, db, work) })
            }
        }
    }

    private func perform<Value>(
        _ operation: String, _ db: Database, _ work: (Database) throws -> Value
    ) throws -> Value {
        guard !isClosed.load(ordering: .sequentiallyConsistent) else {
            throw StorageError(.closed, "cannot \(operation): it is closed")
        }
        do { return try work(db) } catch { throw Self.translated(error, operation) }
    }

    private static func translated(_ error: any Error, _ operation: String) -> any Error {
        (error as? DatabaseError).map { StorageError($0, while: operation) } ?? error
    }

    /// Undoes what `body` has written, and throws.
    ///
    /// Not GRDB's `readOnly`, which sets a pragma before and after: each time SQLite compiles every cached statement anew.
    private static func reading<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        try transaction(db, .deferred) { db in
            let value = try body(db)
            guard sqlite3_txn_state(db.sqliteConnection, nil) != SQLITE_TXN_WRITE else {
                throw DatabaseError(resultCode: .SQLITE_READONLY, message: "a read has written")
            }
            return value
        }
    }

    /// Not GRDB's `inTransaction`, which makes statements of beginning and end each time: with three transactions a poll that
    /// was a twentieth of it. `body` must not go on after an error of SQLite's, which may have undone everything.
    private static func transaction<Value>(
        _ db: Database, _ kind: Database.TransactionKind, _ body: (Database) throws -> Value
    ) throws -> Value {
        try db.executeAtOnce("BEGIN \(kind.rawValue)")
        do {
            let value = try body(db)
            try db.executeAtOnce("COMMIT")
            return value
        } catch {
            // After some errors SQLite has done so itself; the first error is the one that matters.
            if db.isInsideTransaction { try? db.executeAtOnce("ROLLBACK") }
            throw error
        }
    }
}
