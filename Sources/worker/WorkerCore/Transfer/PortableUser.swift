import DomainModel
import GRDB
import Registry
import Storage

/// One user as one file: a copy of the user's own file with a table more, which holds what the registry knows.
///
/// The API key in it is encrypted under the master key of the service that it comes from. All calls block.
struct PortableUser: Sendable, Equatable {
    var id: UserID
    /// Nil when there was none.
    var encryptedKey: String?
    var keyName: String?
    var hasActiveRules: Bool

    /// Adds the table to a copy of the user's file.
    func attach(to path: String) throws(StorageError) {
        let (id, key, name, flag) = (id.hex, encryptedKey, keyName, hasActiveRules)
        try Self.write(path, "write the export \(path)") { db in
            try db.execute(sql: Self.createTable)
            try db.execute(
                sql:
                    "INSERT INTO tbx_export(format, auth_id, encrypted_key, key_name, has_active_rules) VALUES (1, ?, ?, ?, ?)",
                arguments: [id, key, name, flag])
        }
    }

    /// Whom a file is of; refused when it is no export.
    static func read(_ path: String) throws(StorageError) -> PortableUser {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let row = try queue.inDatabase { db in
                guard try db.tableExists("tbx_export") else { return nil as Row? }
                return try Row.fetchOne(
                    db,
                    sql: "SELECT auth_id, encrypted_key, key_name, has_active_rules FROM tbx_export WHERE format = 1")
            }
            try queue.close()
            guard let row, let id = UserID(row[0] as String) else {
                throw StorageError(
                    .notADatabase, "\(path) is no export of a user", hint: "`supervisor export-user` makes one")
            }
            return PortableUser(id: id, encryptedKey: row[1], keyName: row[2], hasActiveRules: row[3])
        } catch {
            throw StorageError(error, while: "read the export \(path)")
        }
    }

    /// Makes a copy of an export the user's own file again.
    static func detach(from path: String) throws(StorageError) {
        try write(path, "unpack the export \(path)") { db in try db.execute(sql: "DROP TABLE tbx_export") }
    }

    private static func write(
        _ path: String, _ operation: String, _ body: @Sendable (Database) throws -> Void
    ) throws(StorageError) {
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.write(body)
            try queue.close()
        } catch {
            throw StorageError(error, while: operation)
        }
    }

    private static let createTable = """
        CREATE TABLE tbx_export (
            format INTEGER NOT NULL,
            auth_id TEXT NOT NULL,
            encrypted_key TEXT,
            key_name TEXT,
            has_active_rules INTEGER NOT NULL
        ) STRICT
        """
}
