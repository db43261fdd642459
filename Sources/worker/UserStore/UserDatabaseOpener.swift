package import DomainModel
package import Storage
import Synchronization

/// Knows where user files are and how to open or make one.
package final class UserDatabaseOpener: Sendable {
    private let directory: String
    private let options: DatabaseOptions
    private let now: @Sendable () -> Timestamp
    // Made at the first need of a new file, then kept: some 80 KB once per process.
    private let template = Mutex<DatabaseTemplate?>(nil)

    /// - Parameters:
    ///   - directory: `USER_DB_DIR`; made when missing.
    ///   - now: The time that migrations are recorded with.
    package init(
        directory: String, options: DatabaseOptions = DatabaseOptions(), now: @escaping @Sendable () -> Timestamp
    ) {
        self.directory = directory
        self.options = options
        self.now = now
    }

    /// `<directory>/user_<id>.sqlite`
    package func path(of user: UserID) -> String { "\(directory)/user_\(user.hex).sqlite" }

    /// Whether the user has a file yet.
    package func fileExists(for user: UserID) -> Bool { PrivateFiles.exists(path(of: user)) }

    /// Opens the user's file, made when missing, brought to the newest schema. A file that is damaged or not ours to
    /// migrate is refused and left untouched. Blocks: run it through `Blocking`.
    func open(_ user: UserID) throws -> UserDatabase {
        let path = path(of: user)
        let kind = DatabaseKind.user(user)
        if options.createsMissingFile && !PrivateFiles.exists(path) { try currentTemplate(kind).create(at: path) }
        let connection = try DatabaseFile.openMigrated(path: path, kind: kind, options: options, now: now())
        return UserDatabase(user: user, path: path, connection: connection)
    }

    private func currentTemplate(_ kind: DatabaseKind) throws(StorageError) -> DatabaseTemplate {
        if let made = template.withLock({ $0 }) { return made }
        // Two callers may make one each at the very start; the copies are equal.
        let made = try DatabaseTemplate(kind: kind, now: now())
        template.withLock { $0 = made }
        return made
    }
}
