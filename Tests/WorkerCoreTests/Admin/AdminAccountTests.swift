import DomainModel
import Foundation
import Logging
import Registry
import Storage
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// What administrators do with accounts, against real files and a simulated TorBox.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AdminAccountTests {
    @Test("a user is shown with file and quota, and without the key") func get() async throws {
        try await WorkerBench.run { bench in
            let answer = await bench.ask(Operation.Admin.getUser)
            #expect(answer.status == 200)
            let user = try #require(answer["user"])
            #expect(user["auth_id"] == .string(bench.user.hex))
            #expect(user["status"] == .string("active") && user["api_key_active"] == .integer(1))
            #expect(user["db_info"]?["exists"] == .bool(true))
            #expect((user["db_size"]?.integerValue ?? 0) > 0)
            #expect(user["encrypted_key"] == nil)
            #expect(user["upload_limit_max_files"] == .integer(500))
            let key = await bench.ask(Operation.Admin.revealKey)
            #expect(key["api_key"] == .string(WorkerBench.key))
        }
    }

    @Test("nobody is found who is not registered") func unknown() async throws {
        try await WorkerBench.run { bench in
            for operation in [Operation.Admin.getUser, Operation.Admin.deleteUser, Operation.Admin.backUp] {
                let answer = await bench.ask(operation, as: .sample(9))
                #expect(answer.status == 404 && answer["error"] == .string("User not found"))
            }
            #expect(!bench.parts.pool.fileExists(for: .sample(9)))
        }
    }

    @Test("switching off stops requests and polls, and on again lets them go on") func status() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            #expect(await bench.ask(Operation.Admin.setStatus, json: #"{"status":"gone"}"#).status == 400)
            #expect(await bench.ask(Operation.Admin.setStatus, json: #"{"status":"inactive"}"#).status == 200)
            #expect(await bench.ask(Operation.listRules).status == 403)
            #expect(await bench.parts.scheduler.due(of: bench.user) == nil)
            #expect(try await bench.parts.registry.user(bench.user)?.isActive == false)
            let poll = await bench.ask(Operation.Admin.pollUser)
            #expect(poll["skipped"] == .bool(true) && poll["reason"] == .string("user_inactive"))
            let answer = await bench.share(Operation.Admin.reactivateKeys, json: #"{"authIds":["\#(bench.user.hex)"]}"#)
            #expect(answer["reactivated"] == .integer(1))
            #expect(await bench.ask(Operation.listRules).status == 200)
            #expect(await bench.parts.scheduler.due(of: bench.user) != nil)
            let again = await bench.share(Operation.Admin.reactivateKeys)
            #expect(again["reactivated"] == .integer(0))
            #expect(await bench.share(Operation.Admin.reactivateKeys, json: #"{"authIds":["x"]}"#).status == 400)
        }
    }

    @Test("a poll on demand is a whole new poll") func poll() async throws {
        try await WorkerBench.run { bench in
            #expect(await bench.ask(Operation.Admin.pollUser)["reason"] == .string("no_active_rules"))
            try await bench.postRule(action: #"{"type":"delete"}"#)
            let run = Task {
                await bench.parts.scheduler.run { await bench.parts.poller.poll($0, due: $1, leaving: $2) }
            }
            let answer = await bench.ask(Operation.Admin.pollUser)
            #expect(answer.status == 200 && answer["success"] == .bool(true) && answer["skipped"] == .bool(false))
            #expect(bench.parts.users.directory[bench.user]?.lastPolled != nil)
            await bench.parts.scheduler.stop()
            await run.value
        }
    }

    @Test("a removed user leaves nothing behind and may come again") func delete() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            #expect(await bench.ask(Operation.Admin.backUp).status == 200)
            let uploads = "\(bench.folder)/uploads/user_\(bench.user.hex)/torrent"
            try FileManager.default.createDirectory(atPath: uploads, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(uploads)/a.torrent"))
            let answer = await bench.ask(Operation.Admin.deleteUser)
            #expect(answer.status == 200 && answer["db_deleted"] == .bool(true))
            let left = FileManager.default.enumerator(atPath: bench.folder)?.compactMap { $0 as? String } ?? []
            #expect(left.filter { $0.contains(bench.user.hex) } == [])
            #expect(try await bench.parts.registry.user(bench.user) == nil)
            #expect(await bench.parts.scheduler.due(of: bench.user) == nil)
            #expect(await bench.ask(Operation.listRules).status == 404)
            #expect(await bench.ask(Operation.Admin.deleteUser).status == 404)
            _ = await bench.ask(Operation.registerKey, credential: WorkerBench.key)
            let rules = await bench.ask(Operation.listRules)
            #expect(rules.status == 200 && rules["rules"] == .array([]))
        }
    }

    @Test("backups of a removed user stay when asked for") func keepsBackups() async throws {
        try await WorkerBench.run { bench in
            #expect(await bench.ask(Operation.Admin.backUp).status == 200)
            #expect(await bench.ask(Operation.Admin.deleteUser, ["keepBackups": "true"]).status == 200)
            _ = await bench.ask(Operation.registerKey, credential: WorkerBench.key)
            #expect(await bench.ask(Operation.Admin.listBackups)["backups"]?.arrayValue?.count == 1)
        }
    }

    @Test("tiers are set and shown") func tier() async throws {
        try await WorkerBench.run { bench in
            #expect(await bench.ask(Operation.Admin.setTier, json: #"{"tier":"gold"}"#).status == 400)
            let answer = await bench.ask(Operation.Admin.setTier, json: #"{"tier":"unlimited"}"#)
            #expect(answer["quota"]?["tier"] == .string("unlimited"))
            #expect(answer["quota"]?["limits"]?["maxFiles"] == .null)
            let summary = await bench.share(Operation.Admin.quotaSummary)
            #expect(summary["limited_users"] == .integer(0) && summary["limits"]?["maxFiles"] == .integer(500))
        }
    }

    @Test("files of uploads that have ended go, oldest first, until the user is within the quota")
    func enforcesQuota() async throws {
        try await WorkerBench.run { bench in
            let (_, ended) = try await bench.stagedUpload("ended.torrent", isCompleted: true)
            let (_, waiting) = try await bench.stagedUpload("waiting.torrent", isCompleted: false)
            func enforcement(_ files: Int64) -> QuotaEnforcement {
                QuotaEnforcement(
                    users: bench.parts.users, files: bench.parts.uploads.files,
                    accounting: bench.parts.uploads.accounting, limits: RetentionLimits(files: files, bytes: 1 << 20),
                    logger: Logger(label: "test"))
            }
            #expect(try await enforcement(2).enforce(bench.user) == nil)
            #expect(try await enforcement(1).enforce(bench.user) == .init(evicted: 1))
            #expect(!PrivateFiles.exists(ended) && PrivateFiles.exists(waiting))
            // What is still to be handed over is never removed.
            #expect(try await enforcement(0).enforce(bench.user) == .init(evicted: 0, isStillOver: true))
            #expect(PrivateFiles.exists(waiting))
            #expect(bench.parts.users.directory[bench.user]?.uploads.retainedFiles == 1)
            let share = await bench.share(Operation.Admin.enforceQuotas)
            #expect(share["users_scanned"] == .integer(1) && share["users_over_quota"] == .integer(0))
            _ = await bench.ask(Operation.Admin.setTier, json: #"{"tier":"unlimited"}"#)
            #expect(try await enforcement(0).enforce(bench.user) == nil)
        }
    }

    @Test("the list's page, facts and who is online") func list() async throws {
        try await WorkerBench.run { bench in
            let page = await bench.share(Operation.Admin.pageUsers, ["limit": "10"])
            #expect(page["pagination"]?["total"] == .integer(1))
            #expect(page["users"]?.arrayValue?.first?["auth_id"] == .string(bench.user.hex))
            #expect(page["sort"] == .string("created_at") && page["sortDirection"] == .string("desc"))
            #expect(await bench.share(Operation.Admin.pageUsers, ["sort": "db_path"]).status == 400)
            #expect(await bench.share(Operation.Admin.pageUsers, ["activity": "never"]).status == 400)
            #expect(await bench.share(Operation.Admin.pageUsers, ["sortDirection": "up"]).status == 400)
            bench.parts.users.presence.touch(bench.user, at: bench.now.value)
            let online = await bench.share(Operation.Admin.onlineUsers)
            #expect(online["ids"] == .array([.string(bench.user.hex)]))
            let ids = #"{"ids":["\#(bench.user.hex)","\#(UserID.sample(7).hex)"]}"#
            let facts = await bench.share(Operation.Admin.userFacts, json: ids)
            #expect(facts["facts"]?.objectValue?.count == 1)
            #expect(facts["facts"]?[bench.user.hex]?["is_online"] == .bool(true))
        }
    }
}

extension WorkerBench {
    /// Asks for this worker's share of an answer over all users.
    func share(_ operation: String, _ parameters: [String: String] = [:], json: String = "") async -> Answer {
        await ask(Request(operation: operation, timeout: .seconds(10), parameters: parameters), json: json)
    }

    /// Stages a file and queues an upload of it; returns the upload's id and where the file is.
    func stagedUpload(_ name: String, isCompleted: Bool) async throws -> (id: Int64, path: String) {
        let path = try await stage(UploadSample.torrent(name), as: name)
        let id = try await upload(
            #"{"type":"torrent","upload_type":"file","name":"\#(name)","file_path":"\#(path)"}"#)
        let moment = now.value
        if isCompleted {
            try await parts.users.write(user) {
                try UploadRepository.complete($0, id, UploadResult(), at: moment)
            }
        }
        return (id, "\(parts.configuration.uploadDirectory)/\(path)")
    }
}
