import DomainModel
import Foundation
import Registry
import Storage
import Testing
import UserStore
import WireProtocol

@testable import WorkerCore

/// What administrators see of all users.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AdminOverviewTests {
    @Test("rules and runs of all users, newest first, and of one") func automation() async throws {
        try await WorkerBench.run { bench in
            let id = try await bench.postRule(action: #"{"type":"delete"}"#)
            try await bench.parts.users.write(bench.user) { db in
                for (number, isSuccess) in [true, false, true].enumerated() {
                    _ = try ExecutionLogRepository.insert(
                        db,
                        NewExecution(
                            rule: RuleID(id), ruleName: "r", itemsProcessed: 2, isSuccess: isSuccess,
                            errorMessage: isSuccess ? nil : "why", at: noon(Int64(number))))
                }
            }
            let share = await bench.share(Operation.Admin.automation, ["limit": "2"])
            #expect(share["rules"]?["total"] == .integer(1) && share["rules"]?["enabled"] == .integer(1))
            #expect(share["executions"]?["total"] == .integer(3) && share["executions"]?["failed"] == .integer(1))
            #expect(share["executionRows"]?.arrayValue?.count == 2)
            #expect(share["errorRows"]?.arrayValue?.first?["error_message"] == .string("why"))
            #expect(share["ruleRows"]?.arrayValue?.first?["auth_id"] == .string(bench.user.hex))
            let failed = await bench.share(Operation.Admin.automation, ["success": "false"])
            #expect(failed["executionRows"]?.arrayValue?.count == 1)
            let nobody = await bench.share(Operation.Admin.automation, ["authId": UserID.sample(3).hex])
            #expect(nobody["executionRows"] == .array([]))
            let one = await bench.ask(Operation.Admin.describeAutomation)
            #expect(one["statistics"]?["total_executions"] == .integer(3))
            #expect(one["rules"]?.arrayValue?.first?["action_config"]?["type"] == .string("delete"))
        }
    }

    @Test("the registry's flag follows the user's file") func syncFlags() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            try await bench.parts.users.setHasActiveRules(bench.user, false)
            await bench.parts.scheduler.forget([bench.user])
            let answer = await bench.share(Operation.Admin.syncRuleFlags)
            #expect(answer["synced"] == .integer(1) && answer["changed"] == .integer(1))
            #expect(try await bench.parts.registry.user(bench.user)?.hasActiveRules == true)
            #expect(await bench.parts.scheduler.due(of: bench.user) != nil)
        }
    }

    @Test("figures of users, files, process and registry") func figures() async throws {
        try await WorkerBench.run { bench in
            let metrics = await bench.share(Operation.Admin.metrics)
            #expect(metrics["users"]?["total"] == .integer(1))
            #expect(metrics["databases"]?["user_db_count"] == .integer(1))
            #expect((metrics["memory"]?["rss"]?.integerValue ?? 0) > 1 << 20)
            let registry = await bench.share(Operation.Admin.describeRegistry)
            #expect(registry["table_counts"]?["user_registry"] == .integer(1))
            let settings = await bench.share(Operation.Admin.getConfiguration)
            #expect(settings["polling"]?["max_concurrent_polls"] == .integer(12))
            bench.parts.users.presence.touch(bench.user, at: bench.now.value)
            let activity = await bench.share(Operation.Admin.activity)
            #expect(activity["online"] == .integer(1) && activity["newToday"] == .integer(1))
            #expect(activity["distribution"]?["today"] == .integer(1))
        }
    }

    @Test("a diagnosis names damage, strays, gaps and mismatches, and repairs what the key says")
    func diagnostics() async throws {
        try await WorkerBench.run { bench in
            let clean = await bench.share(Operation.Admin.diagnose)
            #expect(clean["counts"]?.objectValue?.values.allSatisfy { $0 == .integer(0) } == true)
            let stray = UserID.sample(5)
            for suffix in ["", "-wal"] {
                try PrivateFiles.makeFile("\(bench.folder)/users/user_\(stray.hex).sqlite\(suffix)")
            }
            try await bench.parts.pool.withClosedFile(of: bench.user) { path in
                PrivateFiles.removeDatabase(path)
                try PrivateFiles.write(Array(String(repeating: "no database ", count: 1_000).utf8), toNew: path)
            }
            let share = await bench.share(Operation.Admin.diagnose)
            #expect(share["counts"]?["databaseIntegrityFailures"] == .integer(1))
            #expect(share["issues"]?["orphanedSqliteFiles"]?.arrayValue?.count == 1)
            #expect(share["issues"]?["orphanedWalFiles"]?.arrayValue?.count == 1)
            #expect(share["counts"]?["orphanedFiles"] == .integer(2))
            #expect(share["statistics"]?["integrityChecks"]?["checked"] == .integer(1))
        }
    }

    @Test("entries that disagree are told apart") func diagnosis() {
        let both = CatalogueEntry(id: .sample(1), databasePath: "/a")
        let keyOff = CatalogueEntry(id: .sample(2), databasePath: "/b", isKeyActive: false)
        let noKey = CatalogueEntry(id: .sample(3), databasePath: "/b", status: "inactive", isKeyActive: nil)
        let names = [both, keyOff].map { Diagnosis.fileName(of: $0.id) } + ["readme.txt"]
        let diagnosis = Diagnosis(entries: [both, keyOff, noKey], names: names) { _ in true }
        #expect(diagnosis.mismatches.map(\.id) == [keyOff.id])
        #expect(diagnosis.withoutKey.map(\.id) == [noKey.id] && diagnosis.missingFiles.map(\.id) == [noKey.id])
        #expect(diagnosis.duplicatePaths.map(\.path) == ["/b"])
        #expect(diagnosis.strayFiles == [.init(name: "readme.txt", kind: .other)])
        #expect(diagnosis.breakdown.registryOnly == 1 && diagnosis.breakdown.bothActive == 1)
    }

    @Test("presence is counted by UTC days") func activity() {
        func entry(_ number: UInt8, seen: Int64?, before: Int64? = nil, created: Int64 = -400 * 86_400)
            -> CatalogueEntry
        {
            CatalogueEntry(
                id: .sample(number), databasePath: "/\(number)", createdAt: noon(created),
                lastSeen: seen.map { noon($0) },
                previousLastSeen: before.map { noon($0) })
        }
        let day: Int64 = 86_400
        let counts = ActivityCounts(
            [
                entry(1, seen: -60, before: -40 * day), entry(2, seen: -day), entry(3, seen: -5 * day),
                entry(4, seen: -20 * day), entry(5, seen: -100 * day), entry(6, seen: nil, created: -60),
            ], now: noon)
        #expect(counts.values["online"] == 1 && counts.values["last24h"] == 2 && counts.values["last7d"] == 3)
        #expect(counts.values["last30d"] == 4 && counts.values["last90d"] == 4 && counts.values["allTime"] == 5)
        #expect(counts.values["inactive30d"] == 2 && counts.values["inactive90d"] == 2)
        #expect(counts.values["inactive180d"] == 1 && counts.values["returningToday"] == 1)
        #expect(counts.values["newToday"] == 1 && counts.values["new30d"] == 1)
        #expect(
            counts.distribution
                == ["today": 1, "yesterday": 1, "last7d": 1, "last30d": 1, "older": 1, "never": 1])
    }

    @Test("sizes read as in the contract", arguments: [(0, nil), (1_289_748, "1.23 MB"), (1, "0.00 MB")])
    func sizes(bytes: Int64, text: String?) { #expect(SizeText.megabytes(bytes) == text) }

    @Test(
        "quota sizes have the unit that fits", arguments: [(0, "0 B"), (1_536, "1.50 KB"), (104_857_600, "100.00 MB")])
    func scaled(bytes: Int64, text: String) { #expect(SizeText.scaled(bytes) == text) }
}
