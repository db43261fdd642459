import DomainModel
import Logging
import Observability
import Storage
import UserStore
import WireProtocol

extension AdminDatabaseHandlers {
    /// Puts a backup in the place of a file that is gone or damaged. A sound file is only replaced when the body says
    /// `"replace": true`, and then backed up first: nothing is ever lost by a restore.
    @concurrent func restore(_ context: RequestContext) async throws -> Response {
        let body = try context.jsonObject()
        let backup = try await backup(named: body["filename"]?.stringValue, context)
        let user = context.user
        try await requireSound(backup, user)
        let state = try await presentState(of: user)
        var previous: BackupFolder.File?
        if state == .sound {
            guard body["replace"] == .bool(true) else {
                throw Refusal(
                    409, "Database exists",
                    detail:
                        "The present database is sound and is not overwritten. Send \"replace\": true to have it backed up "
                        + "and then replaced.",
                    code: "DATABASE_EXISTS")
            }
            previous = try await makeBackup(of: user)
        }
        let setAside = try await place(backup, for: user, over: state)
        // Answers that were made from the file before.
        users.writeClock.tick(user)
        await quarantine.lift(user)
        let rows = try await users.read(user) { try RuleRepository.list($0) }
        let isPolled = rows.contains(where: \.isEnabled)
        try await users.setHasActiveRules(user, isPolled)
        if isPolled { await users.scheduler.pollNow(user) }
        context.logger.notice("backup restored", metadata: [LogKey.path: "\(backup.path)"])
        return Reply.success {
            $0.member("message", "Backup restored")
            $0.member("filename", backup.name)
            $0.member("rules", rows.count)
            $0.member("previous_backup", previous?.name)
            $0.member("damaged_file", setAside)
        }
    }

    private enum PresentState: Sendable { case absent, damaged, sound }

    private func presentState(of user: UserID) async throws -> PresentState {
        guard users.pool.fileExists(for: user) else { return .absent }
        do {
            let problems = try await users.pool.withDatabase(of: user) { try await $0.integrityProblems() }
            return problems.isEmpty ? .sound : .damaged
        } catch let error as StorageError where error.isDamage {
            return .damaged
        }
    }

    private func requireSound(_ backup: BackupFolder.File, _ user: UserID) async throws {
        let path = backup.path
        let problems = try await Blocking.run { BackupCheck.problems(at: path) }
        guard problems.isEmpty else {
            throw Refusal(
                422, "Backup is damaged", detail: "\(problems.prefix(3).joined(separator: "; ")). Choose an older one.",
                code: "BACKUP_DAMAGED")
        }
    }

    /// Returns the name that a damaged file was moved to, beside the backups.
    private func place(
        _ backup: BackupFolder.File, for user: UserID, over state: PresentState
    ) async throws -> String? {
        let (folder, stamp) = (places.backups.folder(of: user), users.now().milliseconds)
        return try await users.pool.withClosedFile(of: user) { path in
            // Somebody may have made the file since it was looked for.
            guard state != .absent || !PrivateFiles.exists(path) else {
                throw Refusal(409, "Database exists", code: "DATABASE_EXISTS")
            }
            let draft = "\(path).restore"
            PrivateFiles.removeDatabase(draft)
            defer { PrivateFiles.removeDatabase(draft) }
            try PrivateFiles.copy(backup.path, to: draft)
            var setAside: String?
            if state == .damaged {
                try PrivateFiles.makeDirectory(folder)
                let name = "damaged_\(stamp).sqlite"
                for suffix in ["", "-wal", "-shm"] where PrivateFiles.exists(path + suffix) {
                    try PrivateFiles.replace("\(folder)/\(name)\(suffix)", with: path + suffix)
                }
                setAside = name
            }
            // A journal of the old file must not be played into the new one.
            for suffix in ["-wal", "-shm", "-journal"] { try PrivateFiles.remove(path + suffix) }
            try PrivateFiles.replace(path, with: draft)
            return setAside
        }
    }
}
