import CSQLiteMemory
package import DomainModel
import Foundation
package import GRDB
import GRDBSQLite
import Migrations

/// Opens database files the way all of ours are opened: WAL, foreign keys on, private to our user.
package enum DatabaseFile {
    /// Opens the file, making it and its directory when missing and wanted. Applies no migrations. Blocks: run it through ``Blocking``.
    ///
    /// A new file has mode 0600 (its `-wal` and `-shm` inherit that), a new directory 0700. An existing file that is no
    /// database is refused and left untouched.
    package static func open(
        path: String, kind: DatabaseKind, options: DatabaseOptions = DatabaseOptions()
    ) throws(StorageError) -> DatabaseQueue {
        try prepareFile(at: path, kind: kind, options: options)
        _ = smallBlocks
        let giveUp = ContinuousClock.now + .milliseconds(options.busyTimeoutMilliseconds)
        while true {
            do {
                return try DatabaseQueue(path: path, configuration: configuration(kind: kind, options: options))
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < giveUp {
                // The switch to WAL, and a recovery, are refused at once while another process is at the same: SQLite
                // does not call its busy handler then.
                Thread.sleep(forTimeInterval: openingPause)
            } catch {
                throw StorageError(error, while: "open \(kind)")
            }
        }
    }

    /// SQLite takes 48 KB for small blocks with each connection, which hundreds of open files pay for; 8 KB serve what runs in a
    /// poll. Its count of all memory is off. Too late, and without effect, when something else in the process has used SQLite before.
    private static let smallBlocks = sqlite_spare_memory(128, 64)

    /// Bytes after which the `-wal` file is folded in and begun anew, which takes two waits for the disk. SQLite's own 1,000 pages
    /// would be up to 4 MiB beside each of hundreds of open user files; of the registry there is one, and all write it.
    private static func journalBytes(_ kind: DatabaseKind) -> Int { kind.family == .user ? 1 << 20 : 8 << 20 }

    /// Bytes that a transaction may have changed before its pages go into the journal early, and again when they change once more.
    /// Some 10,000 new downloads. What the cache has no room for is freed with the commit.
    private static let spillBytes = 4 << 20

    /// Fewer would not hold what one poll of a small library touches. Matters for files with pages of 4 KiB.
    private static let fewestCachedPages = 32

    /// Between two tries to open a file that others are opening or closing, in seconds; they take a millisecond or so.
    private static let openingPause = 0.005

    /// Opens the file as ``open(path:kind:options:)`` and brings it to the newest schema. One that is not ours to migrate is closed
    /// and left as it is. Blocks.
    package static func openMigrated(
        path: String, kind: DatabaseKind, options: DatabaseOptions = DatabaseOptions(), now: Timestamp
    ) throws(StorageError) -> DatabaseConnection {
        let queue = try open(path: path, kind: kind, options: options)
        do {
            try kind.migrator.migrate(queue, kind: kind, now: now)
        } catch {
            try? queue.close()  // Nothing was written by us, and the first error is the one that matters.
            throw error
        }
        return DatabaseConnection(queue, kind: kind)
    }

    /// A connection to nothing but memory, with the same settings.
    package static func openInMemory(kind: DatabaseKind) throws(StorageError) -> DatabaseQueue {
        do {
            return try DatabaseQueue(configuration: configuration(kind: kind, options: nil))
        } catch {
            throw StorageError(error, while: "open \(kind) in memory")
        }
    }

    private static func prepareFile(at path: String, kind: DatabaseKind, options: DatabaseOptions) throws(StorageError)
    {
        if PrivateFiles.exists(path) { return }
        guard options.createsMissingFile else {
            throw StorageError(
                .cannotOpen, "cannot open \(kind): there is no file \(path)", hint: "restore it from a backup")
        }
        if let slash = path.lastIndex(of: "/") { try PrivateFiles.makeDirectory(String(path[..<slash])) }
        try PrivateFiles.makeFile(path)
    }

    private static func configuration(kind: DatabaseKind, options: DatabaseOptions?) -> Configuration {
        var configuration = Configuration()
        configuration.label = "torbox.\(kind.family.rawValue)"
        configuration.foreignKeysEnabled = true
        guard let options else { return configuration }
        configuration.busyMode = .timeout(Double(options.busyTimeoutMilliseconds) / 1_000)
        configuration.prepareDatabase { db in
            // GRDB has SQLite tell it of every column that a statement touches, for those who observe tables. Nobody does
            // here, and every statement of every opened file would pay for it.
            sqlite3_set_authorizer(db.sqliteConnection, nil, nil)
            let pageBytes = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? DatabaseTemplate.pageBytes
            let cacheKiB = max(options.cacheKiB, fewestCachedPages * pageBytes / 1_024)
            // Persistent, so an adopted file or a copied template pays for it at most once.
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            guard mode == "wal" else {
                throw DatabaseError(
                    resultCode: .SQLITE_CANTOPEN, message: "write-ahead logging does not work in this directory")
            }
            try db.executeAtOnce(
                """
                PRAGMA cache_size = \(-cacheKiB);
                PRAGMA cache_spill = \(spillBytes / pageBytes);
                PRAGMA wal_autocheckpoint = \(journalBytes(kind) / pageBytes);
                PRAGMA journal_size_limit = \(journalBytes(kind));
                PRAGMA synchronous = \(options.durability.pragmaValue)
                """)
        }
        return configuration
    }
}
