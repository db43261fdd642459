package import DomainModel
import GRDB
package import Storage

/// The registry in one SQLite file (`MASTER_DB_PATH`), which all workers of one host share.
package final class SQLiteRegistry: UserRegistry {
    private let connection: DatabaseConnection

    private init(connection: DatabaseConnection) { self.connection = connection }

    /// Opens or makes the file. Call ``migrate(now:)`` before anything else.
    ///
    /// - Parameter path: A leading `sqlite://` is dropped, as stock does.
    package static func open(
        path: String, options: DatabaseOptions = DatabaseOptions()
    ) async throws -> SQLiteRegistry {
        let prefix = "sqlite://"
        let plain = path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        return try await Blocking.run {
            let queue = try DatabaseFile.open(path: plain, kind: .registry, options: options)
            return SQLiteRegistry(connection: DatabaseConnection(queue, kind: .registry))
        }
    }

    /// A file is where it is.
    package var isReachable: Bool { true }

    @discardableResult
    package func migrate(now: Timestamp) async throws -> Int {
        try await connection.migrate(now: now).count
    }

    package func copy(to destination: String) async throws { try await connection.copy(to: destination) }

    package func close() async throws { try await connection.close() }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await connection.read(body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await connection.write(body)
    }
}
