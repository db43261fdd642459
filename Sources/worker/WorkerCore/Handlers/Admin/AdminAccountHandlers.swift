import DomainModel
import Logging
import Observability
import Registry
import ServiceSupport
import Storage
import TorBoxClient
import UserStore
import WireProtocol

/// A user's account: look, switch on and off, poll now, remove.
struct AdminAccountHandlers: Sendable {
    let users: UserAccess
    let quarantine: QuarantineBook
    let uploads: UploadQueue
    let places: FilePlaces
    let limits: RetentionLimits
    /// The longest that an administrator waits for a poll.
    let pollLimit: Duration

    @concurrent func get(_ context: RequestContext) async throws -> Response {
        guard let entry = try await users.registry.entry(of: context.user), let record = users.directory[context.user]
        else { throw Refusal(404, "User not found") }
        let facts = try await places.facts(of: [context.user])[context.user] ?? FileFacts()
        let isPolling = await users.scheduler.isPolling(context.user)
        let now = users.now()
        return Reply.success {
            $0.member(
                "user",
                object: { json in
                    AdminForm.write(entry, quota: limits, to: &json)
                    json.member("api_key_created_at", entry.keyCreatedAt?.sqliteText)
                    json.member("is_online", users.presence.isOnline(record.id, at: now))
                    AdminForm.write(facts, to: &json)
                    json.member(
                        "db_info",
                        object: {
                            $0.member("path", places.database(of: context.user))
                            $0.member("exists", facts.bytes != nil)
                            $0.member("size", facts.bytes ?? 0)
                            $0.member("size_formatted", facts.bytes.flatMap { SizeText.megabytes($0) })
                            $0.member("modified", facts.modifiedAt?.iso8601)
                        })
                    Self.writePoller(of: record, isPolling: isPolling, to: &json)
                })
        }
    }

    private static func writePoller(of record: RegisteredUser, isPolling: Bool, to json: inout JSONWriter) {
        guard record.hasActiveRules, record.isActive else { return json.member("poller", raw: nil) }
        json.member(
            "poller",
            object: {
                $0.member("isPolling", isPolling)
                $0.member("lastPollAt", record.lastPolled?.iso8601)
                $0.member("lastPollError", record.lastError)
                $0.member("failureCount", record.failureCount)
                $0.member("pausedReason", record.pausedReason)
                $0.member("nextPollAt", record.nextDue?.iso8601)
            })
    }

    @concurrent func revealKey(_ context: RequestContext) async throws -> Response {
        guard let record = users.directory[context.user], record.encryptedKey != nil else {
            throw Refusal(404, "API key not found")
        }
        let key: String
        do {
            key = try users.account(context.user).key.revealed
        } catch let error as KeyCipherError {
            context.logger.error("stored API key cannot be decrypted", metadata: [LogKey.error: "\(error)"])
            throw Refusal(
                500, "API key cannot be decrypted",
                detail: "It was stored under another ENCRYPTION_KEY; set that one, or let the user register again.")
        }
        context.logger.notice("API key shown to an administrator")
        return Reply.success {
            $0.member("api_key", key)
            $0.member("key_name", record.keyName)
        }
    }

    /// Polls now and says how it went. FE's admin proxy waits 30 s.
    @concurrent func poll(_ context: RequestContext) async throws -> Response {
        guard let record = users.directory[context.user], record.isActive else { return skipped("user_inactive") }
        guard record.hasActiveRules else { return skipped("no_active_rules") }
        guard await !users.scheduler.status().isPaused else { return skipped("torbox_api_paused") }
        let began = ContinuousClock.now
        let (scheduler, user) = (users.scheduler, context.user)
        do {
            try await withDeadline(min(pollLimit, context.request.timeout), "poll") {
                try await scheduler.pollAndWait(user)
            }
        } catch is DeadlineExceeded {
            throw Refusal(504, "Poll timed out", detail: "It goes on in the background; look again later.")
        }
        guard let after = users.directory[context.user] else { throw Refusal(404, "User not found") }
        // Not polled: the user has been away for too long, or is quarantined.
        guard after.lastPolled != record.lastPolled else { return skipped(after.pausedReason ?? "user_inactive") }
        let error = after.failureCount > 0 || after.pausedReason != nil ? after.lastError : nil
        return Reply.document {
            $0.member("success", error == nil)
            $0.member("skipped", false)
            $0.member("duration", Int64(began.duration(to: .now) / .milliseconds(1)))
            if let error { $0.member("error", error) }
        }
    }

    private func skipped(_ reason: String) -> Response {
        Reply.document {
            $0.member("success", reason == "no_active_rules")
            $0.member("skipped", true)
            $0.member("reason", reason)
        }
    }

    // MARK: Status

    @concurrent func setStatus(_ context: RequestContext) async throws -> Response {
        guard let text = try context.jsonObject()["status"]?.stringValue,
            let status = RegisteredUser.Status(rawValue: text)
        else { throw Refusal(400, "Invalid status", detail: "Give \"active\" or \"inactive\".") }
        try await apply(status, to: context.user)
        context.logger.notice("status set by an administrator", metadata: [LogKey.status: "\(text)"])
        return Reply.success { $0.member("message", "User status set to \(text)") }
    }

    /// Those of the given users (or all) that are ours and whose account or key is off.
    @concurrent func reactivate(_ request: Request) async throws -> Response {
        let wanted = try Self.ids(in: try request.adminBody()["authIds"])
        var done: [UserID] = []
        for record in users.directory.all.sorted(by: { $0.id < $1.id }) {
            guard !record.isActive, record.encryptedKey != nil, wanted.map({ $0.contains(record.id) }) ?? true else {
                continue
            }
            try await apply(.active, to: record.id)
            done.append(record.id)
        }
        return Reply.document {
            $0.member("reactivated", done.count)
            $0.member("authIds", array: { list in done.forEach { list.value($0.hex) } })
        }
    }

    /// Nil for everybody: absent, null or an empty list.
    private static func ids(in value: JSONValue?) throws -> Set<UserID>? {
        guard let value, !value.isNull else { return nil }
        guard let list = value.arrayValue else {
            throw Refusal(400, "Invalid authIds", detail: "Give a list of ids, or none for all.")
        }
        let ids = list.map { $0.stringValue.flatMap { UserID($0) } }
        guard !ids.contains(nil) else { throw Refusal(400, "Invalid authId format") }
        return ids.isEmpty ? nil : Set(ids.compactMap(\.self))
    }

    private func apply(_ status: RegisteredUser.Status, to user: UserID) async throws {
        try await users.registry.setStatus(user, status, reason: "switched off by an administrator", now: users.now())
        guard let fresh = try await users.registry.user(user) else { throw Refusal(404, "User not found") }
        users.directory.update(user) {
            $0.status = fresh.status
            $0.isKeyActive = fresh.isKeyActive
            $0.pausedReason = fresh.pausedReason
            if fresh.isActive { $0.failureCount = 0 }
        }
        guard fresh.isActive else {
            await uploads.scheduler.forget([user])
            return await users.scheduler.forget([user])
        }
        if fresh.hasActiveRules { await users.scheduler.pollNow(user) }
        await uploads.keyRenewed(user)
    }

    // MARK: Removal

    /// Removes everything of the user: polls, file with its journal, uploads, backups (`?keepBackups=true` keeps them), and
    /// last the registry's rows, so that what is cut off half-way can be asked for again.
    @concurrent func delete(_ context: RequestContext) async throws -> Response {
        let user = context.user
        let keepsBackups = ["true", "1"].contains(context.request.parameters["keepBackups"] ?? "")
        let isUnmistakable = users.directory.isUnmistakable(user)
        guard users.directory.remove(user) else { throw Refusal(404, "User not found") }
        for scheduler in [users.scheduler, uploads.scheduler] {
            await scheduler.forget([user])
            await scheduler.waitUntilIdle { $0 == user }
        }
        do {
            let places = places
            let hadFile = try await users.pool.withClosedFile(of: user, staysShut: true) { path in
                let hadFile = PrivateFiles.exists(path)
                for file in PrivateFiles.databaseFiles(path) { try PrivateFiles.remove(file) }
                try PrivateFiles.removeTree(places.uploads(of: user))
                if !keepsBackups { try places.backups.removeAll(of: user, isUnmistakable: isUnmistakable) }
                return hadFile
            }
            await quarantine.lift(user)
            // Answers that are kept for the user are of a file that is gone.
            users.writeClock.tick(user)
            try await users.registry.remove(user)
            context.logger.notice("user removed by an administrator")
            return Reply.success {
                $0.member("message", "User deleted")
                $0.member("db_deleted", hadFile)
            }
        } catch {
            await comeBack(user)
            throw error
        }
    }

    /// What could not be removed must not be invisible until the next start.
    private func comeBack(_ user: UserID) async {
        users.pool.admit(user)
        // When the registry cannot be read either, the next start reads it.
        guard let record = try? await users.registry.user(user) else { return }
        users.directory.insert([record])
        if record.isActive, record.hasActiveRules { await users.scheduler.pollNow(user) }
        await uploads.keyRenewed(user)
    }
}
