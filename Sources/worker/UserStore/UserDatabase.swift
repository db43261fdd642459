package import DomainModel
package import GRDB
import Storage

/// One user's open file. All access is serialised on the connection's own queue.
package final class UserDatabase: Sendable {
    /// What the bodies of ``read(_:)`` and ``write(_:)`` get: the repositories' first argument. A name of our own, so
    /// that callers need not know the library behind it.
    package typealias Connection = Database

    package let user: UserID
    package let path: String
    private let queue: DatabaseQueue

    init(user: UserID, path: String, queue: DatabaseQueue) {
        self.user = user
        self.path = path
        self.queue = queue
    }

    /// Runs `body` in a read-only transaction.
    ///
    /// SQL only: no waiting, no network, no logging in there.
    /// - Throws: ``StorageError`` for what SQLite refuses; whatever else `body` throws, unchanged.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await queue.read(body)
        } catch let error as DatabaseError {
            throw StorageError(error, while: "read \(DatabaseKind.user(user))")
        }
    }

    /// Runs `body` in one transaction, which is committed when it returns and undone when it throws. When this returns,
    /// the commit is durable as far as the options say.
    ///
    /// SQL only: no waiting, no network, no logging in there.
    /// - Throws: as ``read(_:)``.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await queue.write(body)
        } catch let error as DatabaseError {
            throw StorageError(error, while: "write \(DatabaseKind.user(user))")
        }
    }

    /// What is damaged; empty when sound. Reads the whole file.
    package func integrityProblems(isThorough: Bool = false) async throws -> [String] {
        try await read { db in try DatabaseIntegrity.problems(in: db, isThorough: isThorough) }
    }

    /// Moves what the `-wal` file holds into the main file, as far as possible without waiting for anybody.
    package func checkpoint() async throws {
        do {
            try await queue.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
        } catch let error as DatabaseError {
            throw StorageError(error, while: "checkpoint \(DatabaseKind.user(user))")
        }
    }

    /// Writes a consistent, compacted copy to a path where nothing is yet. The file serves others only in between.
    package func copy(to destination: String) async throws {
        do {
            try await queue.vacuum(into: destination)
        } catch let error as DatabaseError {
            throw StorageError(error, while: "copy \(DatabaseKind.user(user))")
        }
    }

    /// Ends all access; later calls throw ``StorageError`` with code `closed`. Blocks.
    func close() throws { try queue.close() }
}
