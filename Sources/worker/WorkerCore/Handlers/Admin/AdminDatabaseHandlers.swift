import DomainModel
import Logging
import Observability
import Registry
import Storage
import UserStore
import WireProtocol

/// A user's file: what is in it, backups, restore, compaction.
struct AdminDatabaseHandlers: Sendable {
    let users: UserAccess
    let quarantine: QuarantineBook
    let places: FilePlaces

    @concurrent func describe(_ context: RequestContext) async throws -> Response {
        let facts = try await places.facts(of: [context.user])[context.user] ?? FileFacts()
        // A look must not make the file.
        let counts = facts.bytes == nil ? [:] : try await users.read(context.user) { try TableCounts.read($0) }
        return Reply.success {
            $0.member(
                "database",
                object: {
                    $0.member("path", places.database(of: context.user))
                    $0.member("exists", facts.bytes != nil)
                    $0.member("size", facts.bytes ?? 0)
                    $0.member("size_formatted", facts.bytes.flatMap { SizeText.megabytes($0) })
                    $0.member("modified", facts.modifiedAt?.iso8601)
                    $0.member("created", users.directory[context.user]?.createdAt.iso8601)
                    $0.member(
                        "table_counts",
                        object: {
                            for name in TableCounts.names { $0.member(name, raw: counts[name].map { "\($0)" }) }
                        })
                })
        }
    }

    // MARK: Backups

    @concurrent func backUp(_ context: RequestContext) async throws -> Response {
        let file = try await makeBackup(of: context.user)
        context.logger.notice("backup made", metadata: [LogKey.path: "\(file.path)"])
        return Reply.success { json in
            json.member("message", "Backup created")
            json.member("backup", object: { Self.write(file, to: &$0) })
        }
    }

    @concurrent func listBackups(_ context: RequestContext) async throws -> Response {
        let (backups, user) = (places.backups, context.user)
        let isUnmistakable = users.directory.isUnmistakable(user)
        let files = try await Blocking.run { try backups.list(user, isUnmistakable: isUnmistakable) }
        return Reply.success { json in
            json.member(
                "backups", array: { list in files.forEach { file in list.object { Self.write(file, to: &$0) } } })
        }
    }

    @concurrent func download(_ context: RequestContext) async throws -> Response {
        let file = try await backup(named: context.request.parameters["filename"], context)
        let parts = try await Blocking.run { try FileParts(path: file.path) }
        return Response(status: 200, contentType: "application/octet-stream", body: .stream(parts.stream()))
    }

    @concurrent func vacuum(_ context: RequestContext) async throws -> Response {
        guard users.pool.fileExists(for: context.user) else { throw Refusal(404, "Database not found") }
        let (before, after) = try await users.pool.withDatabase(of: context.user) { database in
            try await database.checkpoint()
            let before = places.facts(of: context.user).bytes ?? 0
            try await database.compact()
            return (before, places.facts(of: context.user).bytes ?? 0)
        }
        return Reply.success {
            $0.member("message", "Database vacuumed")
            $0.member("before", object: { Self.writeSize(before, to: &$0) })
            $0.member("after", object: { Self.writeSize(after, to: &$0) })
            $0.member("space_freed", max(0, before - after))
            $0.member("space_freed_formatted", SizeText.megabytes(before - after) ?? "0.00 MB")
        }
    }

    /// Written under another name first, so that what has the name of a backup is whole.
    func makeBackup(of user: UserID) async throws -> BackupFolder.File {
        guard users.pool.fileExists(for: user) else { throw Refusal(404, "Database not found") }
        let (backups, now) = (places.backups, users.now())
        let (name, path) = try await Blocking.run { try backups.newPath(for: user, at: now) }
        let draft = "\(path).part"
        try await users.pool.withDatabase(of: user) { database in
            try await Blocking.run { PrivateFiles.removeDatabase(draft) }
            try await database.backUp(to: draft)
        }
        try await Blocking.run { try PrivateFiles.replace(path, with: draft) }
        return BackupFolder.File(
            name: name, path: path, bytes: PrivateFiles.size(of: path) ?? 0, modifiedAt: now, createdAt: now)
    }

    func backup(named name: String?, _ context: RequestContext) async throws -> BackupFolder.File {
        guard let name, BackupFolder.isName(name) else {
            throw Refusal(
                400, "Invalid backup filename",
                detail: "Give a name from the list of backups: user_<8 digits>_<time>.db.")
        }
        let (backups, user) = (places.backups, context.user)
        let isUnmistakable = users.directory.isUnmistakable(user)
        let file = try await Blocking.run { try backups.find(name, of: user, isUnmistakable: isUnmistakable) }
        guard let file else { throw Refusal(404, "Backup not found") }
        return file
    }

    private static func write(_ file: BackupFolder.File, to json: inout JSONWriter) {
        json.member("path", file.path)
        json.member("filename", file.name)
        json.member("size", file.bytes)
        json.member("size_formatted", SizeText.megabytes(file.bytes))
        json.member("created", file.createdAt.iso8601)
        json.member("modified", file.modifiedAt.iso8601)
    }

    private static func writeSize(_ bytes: Int64, to json: inout JSONWriter) {
        json.member("size", bytes)
        json.member("size_formatted", SizeText.megabytes(bytes))
    }
}
