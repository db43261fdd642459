package import GRDB

/// What went wrong with a database file, in words that say what, why and how to mend it.
package struct StorageError: Error, Sendable, CustomStringConvertible {
    /// An open set: new codes break nobody.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The file or its directory cannot be created, found or read.
        package static let cannotOpen = Code("cannotOpen")
        /// The file exists but holds something else.
        package static let notADatabase = Code("notADatabase")
        /// A database, but damaged.
        package static let corrupt = Code("corrupt")
        /// Reading works, writing is not permitted.
        package static let readOnly = Code("readOnly")
        /// The disk, or the quota on it, is full.
        package static let diskFull = Code("diskFull")
        /// Another process held the file longer than the busy timeout.
        package static let locked = Code("locked")
        /// The database server is away, starting, or slower than the time limit.
        package static let unreachable = Code("unreachable")
        /// A newer version of this program has changed the schema.
        package static let newerSchema = Code("newerSchema")
        /// An applied migration is not the one that this program carries.
        package static let changedMigration = Code("changedMigration")
        /// The file was closed, or its slot is being handed over.
        package static let closed = Code("closed")
        /// A constraint of the schema refused a row; a bug of ours where it surfaces.
        package static let constraint = Code("constraint")
        /// The disk or the file system below the file failed.
        package static let inputOutput = Code("inputOutput")
        package static let other = Code("other")

        package var description: String { name }
    }

    package var code: Code
    /// What failed and why, without paths of other users, SQL arguments or secrets.
    package var message: String
    /// How to mend it, when there is a way.
    package var hint: String?
    package var cause: (any Error)?

    package init(_ code: Code, _ message: String, hint: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    package var description: String { hint.map { "\(message); \($0)" } ?? message }

    /// Whether the same attempt may succeed later without anybody mending anything.
    package var isTransient: Bool { code == .locked || code == .closed || code == .unreachable }

    /// Whether the file itself is damaged, so that only its user, and nobody else, is affected.
    package var isDamage: Bool { code == .notADatabase || code == .corrupt }
}

extension StorageError {
    /// Any error of a database operation as a storage error; one that is one already passes unchanged.
    ///
    /// - Parameter operation: What was attempted, as in "cannot \(operation)": `open the database of user 1a2b3c4d`.
    package init(_ error: any Error, while operation: String) {
        switch error {
        case let known as StorageError: self = known
        case let database as DatabaseError: self.init(database, while: operation)
        default: self.init(.other, "cannot \(operation): \(error)", cause: error)
        }
    }

    /// The code, and the words for it, of one of SQLite's errors.
    package init(_ error: DatabaseError, while operation: String) {
        let (code, hint) = Self.meaning(of: error)
        let reason = error.message ?? "no details"
        self.init(
            code, "cannot \(operation): \(reason) (\(error.extendedResultCode))", hint: hint,
            // Without SQL and arguments, which may hold what must not be logged.
            cause: DatabaseError(resultCode: error.extendedResultCode, message: error.message))
    }

    private static func meaning(of error: DatabaseError) -> (Code, hint: String?) {
        // Even a file that is only read needs a little room beside it when it is opened.
        if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return meaning(of: .SQLITE_FULL) }
        return meaning(of: error.resultCode)
    }

    private static func meaning(of code: ResultCode) -> (Code, hint: String?) {
        switch code {
        case .SQLITE_NOTADB:
            (.notADatabase, "restore the newest backup, or put an empty file in its place to start over")
        case .SQLITE_CORRUPT:
            (
                .corrupt,
                "restore the newest backup and remove the -wal and -shm beside it, or put an empty file there to start over"
            )
        case .SQLITE_CANTOPEN:
            (.cannotOpen, "check that the directory exists and that this process may write there")
        case .SQLITE_PERM, .SQLITE_AUTH:
            (.cannotOpen, "check the owner and mode of the file and its directory")
        case .SQLITE_READONLY:
            (.readOnly, "check the owner and mode of the file and its directory, and that the disk is mounted writable")
        case .SQLITE_FULL: (.diskFull, "free disk space or raise the quota")
        case .SQLITE_BUSY, .SQLITE_LOCKED: (.locked, "see which other process holds the file")
        case .SQLITE_CONSTRAINT: (.constraint, nil)
        case .SQLITE_IOERR: (.inputOutput, "check the disk and the system log")
        default: (.other, nil)
        }
    }
}
