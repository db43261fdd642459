package import DomainModel
import GRDB
package import Storage

/// The registry in one SQLite file (`MASTER_DB_PATH`), which all workers of one host share.
package final class SQLiteRegistry: UserRegistry {
    let queue: DatabaseQueue

    private init(queue: DatabaseQueue) { self.queue = queue }

    /// Opens or makes the file. Call ``migrate(now:)`` before anything else.
    ///
    /// - Parameter path: A leading `sqlite://` is dropped, as stock does.
    package static func open(
        path: String, options: DatabaseOptions = DatabaseOptions()
    ) async throws -> SQLiteRegistry {
        let prefix = "sqlite://"
        let plain = path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        return try await Blocking.run {
            SQLiteRegistry(queue: try DatabaseFile.open(path: plain, kind: .registry, options: options))
        }
    }

    @discardableResult
    package func migrate(now: Timestamp) async throws -> Int {
        try await Blocking.run { [queue] in
            try SQLMigrator.registry.migrate(queue, kind: .registry, now: now).count
        }
    }

    package func close() async throws {
        try await Blocking.run { [queue] in
            do { try queue.close() } catch { throw StorageError(error, while: "close the registry") }
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await queue.read(body)
        } catch let error as DatabaseError {
            throw StorageError(error, while: "read the registry")
        }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await queue.write(body)
        } catch let error as DatabaseError {
            throw StorageError(error, while: "write the registry")
        }
    }
}
