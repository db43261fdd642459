import DomainModel
import Storage
import UserStore

/// Where everything of a user is on disk.
struct FilePlaces: Sendable {
    let databases: String
    let uploads: String
    let backups: BackupFolder

    init(_ configuration: WorkerConfiguration) {
        databases = configuration.userDatabaseDirectory
        uploads = configuration.uploadDirectory
        backups = BackupFolder(userDatabaseDirectory: configuration.userDatabaseDirectory)
    }

    func database(of user: UserID) -> String { "\(databases)/\(Diagnosis.fileName(of: user))" }

    /// Staged upload files. Source: storage contract, section 1.
    func uploads(of user: UserID) -> String { "\(uploads)/user_\(user.hex)" }

    /// Blocks.
    func facts(of user: UserID) -> FileFacts {
        let path = database(of: user)
        return FileFacts(bytes: PrivateFiles.size(of: path), modifiedAt: PrivateFiles.modified(path))
    }

    /// The same for many, off the cooperative pool.
    func facts(of users: [UserID]) async throws -> [UserID: FileFacts] {
        try await Blocking.run {
            Dictionary(users.map { ($0, facts(of: $0)) }) { first, _ in first }
        }
    }
}
