package import DomainModel
package import GRDB
import Storage

/// One user's open file.
package final class UserDatabase: Sendable {
    /// What the bodies of ``read(_:)`` and ``write(_:)`` get: the repositories' first argument. A name of our own, so
    /// that callers need not know the library behind it.
    package typealias Connection = Database

    package let user: UserID
    package let path: String
    private let connection: DatabaseConnection

    init(user: UserID, path: String, connection: DatabaseConnection) {
        self.user = user
        self.path = path
        self.connection = connection
    }

    /// Runs `body` in a transaction that may not write; see `DatabaseConnection.read`.
    package func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await connection.read(body)
    }

    /// Runs `body` in one transaction, committed when it returns and undone when it throws; see `DatabaseConnection.write`.
    /// Runs to its end even when the calling task is cancelled.
    package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await connection.write(body)
    }

    /// What is damaged; empty when sound. Reads the whole file.
    package func integrityProblems(isThorough: Bool = false) async throws -> [String] {
        try await connection.integrityProblems(isThorough: isThorough)
    }

    /// Moves what the `-wal` file holds into the main file, as far as possible without waiting for anybody.
    package func checkpoint() async throws { try await connection.checkpoint() }

    /// Writes a consistent, compacted copy of mode 0600 to a path where nothing is yet. Others wait meanwhile.
    package func copy(to destination: String) async throws { try await connection.copy(to: destination) }

    /// Copies the file page by page through SQLite's online backup to a path where nothing is yet: one file of mode 0600
    /// without a journal beside it. Others wait meanwhile.
    package func backUp(to destination: String) async throws { try await connection.backUp(to: destination) }

    /// Gives unused pages back to the file system. Others wait meanwhile.
    package func compact() async throws { try await connection.compact() }

    /// Ends all access once what was begun is done; later calls throw `StorageError` with code `closed`.
    func close() async throws { try await connection.close() }

    /// As ``close()``. Blocks.
    ///
    /// - Parameter soonAgain: see `DatabaseConnection.close`.
    func closeBlocking(soonAgain: Bool) throws { try connection.closeBlocking(soonAgain: soonAgain) }
}
