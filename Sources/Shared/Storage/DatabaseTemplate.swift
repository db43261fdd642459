package import DomainModel
import GRDB
import GRDBSQLite

/// The bytes of an empty, fully migrated database, made once in memory: a new file is then one write instead of
/// a hundred statements.
package struct DatabaseTemplate: Sendable {
    /// Bytes of a page in files made from a template. Every table and index has at least a page of its own, and all of an
    /// empty user file is written and flushed at each registration: with SQLite's 4,096 it would be four times as much. Older
    /// files keep the size they have.
    static let pageBytes = 1_024

    private let bytes: [UInt8]

    /// Blocks for some milliseconds.
    package init(kind: DatabaseKind, now: Timestamp) throws(StorageError) {
        let queue = try DatabaseFile.openInMemory(kind: kind)
        do {
            try queue.inDatabase { db in try db.execute(sql: "PRAGMA page_size = \(Self.pageBytes)") }
            try kind.migrator.migrate(queue, kind: kind, now: now)
            // What migrations made and removed has left a third of the pages unused.
            try queue.writeWithoutTransaction { db in try db.execute(sql: "VACUUM") }
            bytes = try queue.inDatabase(Self.serialize)
            try queue.close()
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(error, while: "prepare an empty database")
        }
    }

    /// Makes the file, whole or not at all, flushed and with mode 0600; its directory too when missing. False, and
    /// nothing changed, when the file exists. Blocks.
    ///
    /// Its name is on disk once something was written: SQLite flushes the directory when it makes the journal. A power cut
    /// before that may take the file, which is empty.
    @discardableResult
    package func create(at path: String) throws(StorageError) -> Bool {
        if let slash = path.lastIndex(of: "/") { try PrivateFiles.makeDirectory(String(path[..<slash])) }
        return try PrivateFiles.write(bytes, toNew: path, flushesName: false)
    }

    private static func serialize(_ db: Database) throws -> [UInt8] {
        var size: sqlite3_int64 = 0
        guard let image = sqlite3_serialize(db.sqliteConnection, "main", &size, 0) else {
            throw DatabaseError(resultCode: .SQLITE_NOMEM)
        }
        defer { sqlite3_free(image) }
        var bytes = Array(UnsafeBufferPointer(start: image, count: Int(size)))
        // Bytes 18 and 19 of the header say which journal the file is for: 2 is WAL, so that the first open need not
        // rewrite the header (https://www.sqlite.org/fileformat.html, 1.3.3).
        bytes.replaceSubrange(18...19, with: [2, 2])
        return bytes
    }
}
