import GRDB

/// Copies of database files that lie still: nobody writes them, and looking at them leaves them as they are.
package enum DatabaseCopy {
    /// Takes a new copy out of write-ahead mode, in which even a reader would write beside it. Blocks.
    package static func settle(_ path: String) throws(StorageError) {
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.inDatabase { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
            try queue.close()
        } catch {
            throw StorageError(error, while: "settle the copy \(path)")
        }
    }

    /// What is damaged in a copy; empty when sound. Opens it for reading only, and reads all of it. Blocks.
    package static func problems(in path: String) throws(StorageError) -> [String] {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let problems = try queue.inDatabase { db in try DatabaseIntegrity.problems(in: db, isThorough: true) }
            try queue.close()
            return problems
        } catch {
            throw StorageError(error, while: "open the copy \(path)")
        }
    }
}
