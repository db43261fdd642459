import DomainModel
import Storage

/// Where backups of users' files are: `USER_DB_DIR/backups/<id>/user_<8 digits>_<time>.db`.
///
/// Stock keeps them all in `backups` itself, where two users whose ids begin with the same eight digits cannot be told
/// apart. Those are listed too, for users whom nobody can be mistaken for. All calls block.
struct BackupFolder: Sendable {
    struct File: Sendable, Equatable {
        var name: String
        var path: String
        var bytes: Int64
        var modifiedAt: Timestamp
        /// Told by the name, where it says.
        var createdAt: Timestamp
    }

    let root: String

    init(userDatabaseDirectory: String) { root = userDatabaseDirectory + "/backups" }

    func folder(of user: UserID) -> String { "\(root)/\(user.hex)" }

    /// `user_d16fe322_2026-08-20T10-00-00-000Z.db`
    static func name(for user: UserID, at now: Timestamp) -> String {
        let time = now.iso8601.replacing(":", with: "-").replacing(".", with: "-")
        return "user_\(user.short)_\(time).db"
    }

    /// Whether the name is one of a backup at all; keeps paths and other files out.
    static func isName(_ text: String) -> Bool {
        text.utf8.count <= 100 && text.wholeMatch(of: /user_[0-9a-f]{8}_[0-9TZ-]+\.db/) != nil
    }

    /// The user's backups, newest first.
    ///
    /// - Parameter isUnmistakable: No other user's id begins with the same eight digits.
    func list(_ user: UserID, isUnmistakable: Bool) throws -> [File] {
        let own = try files(in: folder(of: user), of: user)
        let shared = isUnmistakable ? try files(in: root, of: user) : []
        let names = Set(own.map(\.name))
        return (own + shared.filter { !names.contains($0.name) })
            .sorted { ($0.createdAt, $0.name) > ($1.createdAt, $1.name) }
    }

    /// Nil when the user has no backup of that name.
    func find(_ name: String, of user: UserID, isUnmistakable: Bool) throws -> File? {
        guard Self.isName(name) else { return nil }
        return try list(user, isUnmistakable: isUnmistakable).first { $0.name == name }
    }

    /// A path for a new backup: two in the same millisecond get different names.
    func newPath(for user: UserID, at now: Timestamp) throws -> (name: String, path: String) {
        let folder = folder(of: user)
        try PrivateFiles.makeDirectory(folder)
        var moment = now
        while true {
            let name = Self.name(for: user, at: moment)
            let path = "\(folder)/\(name)"
            if !PrivateFiles.exists(path) { return (name, path) }
            moment = moment.advanced(byMilliseconds: 1)
        }
    }

    /// Removes all backups of the user.
    func removeAll(of user: UserID, isUnmistakable: Bool) throws {
        if isUnmistakable {
            for file in try files(in: root, of: user) { try PrivateFiles.remove(file.path) }
        }
        try PrivateFiles.removeTree(folder(of: user))
    }

    private func files(in folder: String, of user: UserID) throws -> [File] {
        try PrivateFiles.names(in: folder).compactMap { name in
            let path = "\(folder)/\(name)"
            guard Self.isName(name), name.hasPrefix("user_\(user.short)_"), let bytes = PrivateFiles.size(of: path),
                let modified = PrivateFiles.modified(path)
            else { return nil }
            return File(
                name: name, path: path, bytes: bytes, modifiedAt: modified, createdAt: Self.time(in: name) ?? modified)
        }
    }

    private static func time(in name: String) -> Timestamp? {
        guard let match = name.firstMatch(of: /_(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z\.db$/) else {
            return nil
        }
        return Timestamp(storedText: "\(match.1)T\(match.2):\(match.3):\(match.4).\(match.5)Z")
    }
}
