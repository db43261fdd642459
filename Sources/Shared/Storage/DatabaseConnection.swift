package import DomainModel
package import GRDB
import GRDBSQLite
import Synchronization

/// An open database file. All access is serialised on the connection's own queue, off the cooperative pool.
///
/// Calls run to their end even when the calling task is cancelled: what a caller has begun to write, such as the outcome of
/// an action, is written.
package final class DatabaseConnection: Sendable {
    package let kind: DatabaseKind
    private let queue: DatabaseQueue
    // Held while work is handed to the queue, so that nothing gets there behind the closing.
    private let isClosed = Mutex(false)

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
        try await run("checkpoint \(kind)") { db in _ = try db.checkpoint(.passive) }
    }

    /// What is damaged; empty when sound. Reads the whole file.
    package func integrityProblems(isThorough: Bool = false) async throws -> [String] {
        try await read { db in try DatabaseIntegrity.problems(in: db, isThorough: isThorough) }
    }

    /// Writes a consistent, compacted copy of mode 0600 to a path where nothing is yet. Others wait meanwhile.
    package func copy(to destination: String) async throws {
        let (kind, operation) = (kind, "copy \(kind)")
        try await run(operation) { db in
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
        try await run(operation) { db in
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
        try await run("compact \(kind)") { db in
            try db.execute(sql: "VACUUM")
            _ = try db.checkpoint(.truncate)
        }
    }

    /// Ends all access once what was begun is done. Closing twice is once.
    package func close() async throws {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        try await Blocking.run { [queue, kind] in
            do { try queue.close() } catch { throw StorageError(error, while: "close \(kind)") }
        }
    }

    private func run<Value: Sendable>(
        _ operation: String, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isOpen = isClosed.withLock { isClosed in
                guard !isClosed else { return false }
                queue.asyncWriteWithoutTransaction { db in
                    continuation.resume(with: Result { try work(db) }.mapError { Self.translated($0, operation) })
                }
                return true
            }
            if !isOpen {
                continuation.resume(throwing: StorageError(.closed, "cannot \(operation): it is closed"))
            }
        }
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

    private static func transaction<Value>(
        _ db: Database, _ kind: Database.TransactionKind, _ body: (Database) throws -> Value
    ) throws -> Value {
        var value: Value?
        try db.inTransaction(kind) {
            value = try body(db)
            return .commit
        }
        guard let value else { throw StorageError(.other, "a transaction was committed without its result") }
        return value
    }
}
