import DomainModel
import Foundation
import Registry
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// What a poll's ending means for the user's next one.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PollOutcomeTests {
    @Test("the third refusal of the key pauses the user, a new registration resumes") func refusals() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(SimulatedFault(.badToken, endpoints: SimulatorEndpoint.lists, times: 3))
            for due in [noon(1_800), noon(3_600), nil] {
                #expect(await pollAsDue(bench) == due)
                bench.advance(1_800)
            }
            #expect(bench.parts.users.directory[bench.user]?.pausedReason == "auth_failure")
            await bench.parts.scheduleWriter.flush()
            let stored = try await bench.parts.registry.user(bench.user)
            #expect(stored?.pausedReason == "auth_failure")
            #expect(stored?.failureCount == 3)
            #expect(stored?.keyRefusals == 3)

            let answer = await bench.ask(Operation.registerKey, credential: WorkerBench.key)
            #expect(answer.status == 200)
            #expect(bench.parts.users.directory[bench.user]?.pausedReason == nil)
            #expect(await bench.parts.scheduler.due(of: bench.user) == bench.now.value)
            #expect(await pollAsDue(bench) == bench.now.value.advanced(bySeconds: 1_800))
        }
    }

    @Test("AUTH_ERROR with 500 is TorBox's own trouble and never pauses anybody") func authErrorAsOutage() async throws
    {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(SimulatedFault(.authError, times: nil))
            for failures in 1...6 {
                #expect(await pollAsDue(bench) != nil)
                #expect(bench.parts.users.directory[bench.user]?.failureCount == failures)
                #expect(bench.parts.users.directory[bench.user]?.pausedReason == nil)
                bench.advance(1_800)
            }
            bench.simulator.clearFaults()
            bench.simulator.inject(SimulatedFault(.badToken, endpoints: SimulatorEndpoint.lists))
            #expect(await pollAsDue(bench) == bench.now.value.advanced(bySeconds: 1_800))
        }
    }

    @Test("a limit with Retry-After puts the next poll off by just that, and is no success") func retryAfter()
        async throws
    {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(
                SimulatedFault(.rateLimited(retryAfterSeconds: 120), endpoints: [.torrentList], times: nil))
            #expect(await pollAsDue(bench) == noon(120))
            let user = bench.parts.users.directory[bench.user]
            #expect(user?.failureCount == 0)
            #expect(user?.lastSuccess == nil)
            #expect(user?.lastError?.isEmpty == false)
        }
    }

    @Test("refusals in a row are counted across a restart, and an administrator can end the pause")
    func refusalsAcrossRestart() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(SimulatedFault(.badToken, endpoints: SimulatorEndpoint.lists, times: 3))
            for _ in 0..<2 {
                #expect(await pollAsDue(bench) != nil)
                bench.advance(1_800)
            }
            await bench.parts.scheduleWriter.flush()
            // What a new process knows is what the registry says.
            let stored = try #require(try await bench.parts.registry.user(bench.user))
            #expect(stored.keyRefusals == 2)
            bench.parts.users.directory.insert([stored])
            #expect(await pollAsDue(bench) == nil)
            #expect(bench.parts.users.directory[bench.user]?.pausedReason == "auth_failure")
            await bench.parts.scheduleWriter.flush()

            try await bench.parts.users.reactivate(bench.user)
            let after = try #require(bench.parts.users.directory[bench.user])
            #expect(after.pausedReason == nil && after.keyRefusals == 0 && after.nextDue == nil)
            #expect(await bench.parts.scheduler.due(of: bench.user) == bench.now.value)
            #expect(await pollAsDue(bench) == bench.now.value.advanced(bySeconds: 1_800))
        }
    }

    @Test("the third word that the plan does not include the API switches the rules off, with the reason")
    func planRestricted() async throws {
        try await WorkerBench.run { bench in
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            let body = #"{"success":false,"error":"PLAN_RESTRICTED_FEATURE","detail":"Upgrade.","data":null}"#
            bench.simulator.inject(
                SimulatedFault(
                    .raw(status: 403, body: body, contentType: "application/json"), endpoints: SimulatorEndpoint.lists,
                    times: 3))
            for due in [noon(1_800), noon(3_600), nil] {
                #expect(await pollAsDue(bench) == due)
                bench.advance(1_800)
            }
            let row = try #require(try await bench.rule(rule))
            #expect(!row.isEnabled && row.disabledReason == Poller.planReason)
            #expect(await bench.log(rule).first?["error_message"]?.stringValue?.contains("switched off") == true)
            #expect(bench.parts.users.directory[bench.user]?.hasActiveRules == false)
            #expect(bench.parts.users.directory[bench.user]?.pausedReason == nil)
            _ = await bench.ask(Operation.setRuleEnabled, ["id": "\(rule)"], json: #"{"enabled":true}"#)
            #expect(await pollAsDue(bench) == bench.now.value.advanced(bySeconds: 1_800))
        }
    }

    @Test("deleting a tag switches off the rules that name it, at once and with the reason")
    func deletedTag() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let tag = await bench.ask(Operation.createTag, json: #"{"name":"keep"}"#)["tag"]?["id"]?.integerValue ?? 0
            let rule = try await bench.postRule(
                action: #"{"type":"delete"}"#,
                conditions: "{\"type\":\"TAGS\",\"operator\":\"has_none\",\"value\":[\(tag)]}")
            #expect(await bench.ask(Operation.deleteTag, ["id": "\(tag)"]).status == 200)
            try await expectSwitchedOff(bench, rule, naming: tag)
            #expect(await pollAsDue(bench) == nil)
            #expect(bench.changes.isEmpty)
        }
    }

    @Test("a tag that went some other way switches its rules off at the next poll, before they match everything")
    func vanishedTag() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let tag = await bench.ask(Operation.createTag, json: #"{"name":"keep"}"#)["tag"]?["id"]?.integerValue ?? 0
            let rule = try await bench.postRule(
                action: #"{"type":"delete"}"#,
                conditions: "{\"type\":\"TAGS\",\"operator\":\"has_none\",\"value\":[\(tag)]}")
            _ = try await bench.parts.users.write(bench.user) { try TagCatalogue.delete($0, tag) }
            #expect(await pollAsDue(bench) == nil)
            try await expectSwitchedOff(bench, rule, naming: tag)
            #expect(bench.changes.isEmpty)
        }
    }

    @Test("changes that follow a poll within moments are evaluated together, none later than two seconds")
    func restAfterChanges()
        async throws
    {
        try await WorkerBench.run { bench in
            _ = try await bench.postRule(action: #"{"type":"delete"}"#)
            #expect(await bench.parts.scheduler.due(of: bench.user) == noon)
            // As the scheduler does it.
            _ = await bench.parts.poller.poll(bench.user, due: noon)
            bench.advance(1)
            _ = try await bench.postRule(action: #"{"type":"stop_seeding"}"#)
            #expect(await bench.parts.scheduler.due(of: bench.user) == noon.advanced(bySeconds: 2))
            bench.advance(60)
            _ = try await bench.postRule(action: #"{"type":"delete"}"#)
            #expect(await bench.parts.scheduler.due(of: bench.user) == noon.advanced(bySeconds: 61))
        }
    }

    @Test("a user without enabled rules is not polled") func noRules() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#, isEnabled: false)
            #expect(bench.parts.users.directory[bench.user]?.hasActiveRules == false)
            #expect(await bench.parts.scheduler.due(of: bench.user) == nil)
            #expect(bench.simulator.calls(endpoint: .torrentList).isEmpty)
        }
    }

    @Test("rules that were saved during a poll without rules are not forgotten") func savedMeanwhile() async throws {
        try await WorkerBench.run { bench in
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            let rows = try await bench.parts.users.read(bench.user) { try RuleRepository.list($0) }
            // As a poll leaves it that read the rules before this one was saved.
            try await bench.parts.users.setHasActiveRules(bench.user, false)
            try await bench.parts.users.rulesChanged(bench.user, rows)
            #expect(bench.parts.users.directory[bench.user]?.hasActiveRules == true)
            #expect(await pollAsDue(bench) == noon(1_800))
            #expect(try await bench.rule(rule)?.evaluatedAt == noon)
        }
    }

    @Test("a damaged file hurts its own user only, and is left as it is") func damagedFile() async throws {
        try await WorkerBench.run { bench in
            let otherKey = "bench-key-0002"
            bench.simulator.addAccount(otherKey)
            let other = try #require(RegistrationHandlers.userID(of: APIKey(otherKey)))
            #expect(await bench.ask(Operation.registerKey, as: other, credential: otherKey).status == 200)
            try await bench.parts.pool.close(other.slot)
            let path = bench.parts.pool.path(of: other)
            for suffix in ["-wal", "-shm"] {
                // They may be gone already.
                try? FileManager.default.removeItem(atPath: path + suffix)
            }
            let rubbish = Data(repeating: 0x7a, count: 10_000)
            try rubbish.write(to: URL(fileURLWithPath: path))
            bench.parts.pool.admit(other.slot)

            let refused = await bench.ask(Operation.listRules, as: other)
            #expect(refused.status == 503)
            #expect(refused["code"] == .string("SQLITE_NOTADB"))
            bench.parts.users.directory.update(other) { $0.hasActiveRules = true }
            #expect(await bench.parts.poller.pipeline.poll(other).outcome == .failed)
            #expect(FileManager.default.contents(atPath: path) == rubbish)

            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            try await bench.postRule(action: #"{"type":"delete"}"#)
            #expect(await pollAsDue(bench) == noon(1_800))
            #expect(bench.changes.count == 1)
            #expect(await bench.ask(Operation.listRules).status == 200)
        }
    }

    @Test("a stopping worker sends nothing more and leaves its user due") func stopping() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.parts.stop.stop()
            #expect(await bench.poll().outcome == .interrupted)
            #expect(await pollAsDue(bench) == bench.now.value)
            #expect(bench.changes.isEmpty)
            #expect(try await bench.actions(rule).isEmpty)
        }
    }

    @Test("a request for a slot that is not owned is sent elsewhere") func moved() async throws {
        try await WorkerBench.run { bench in
            bench.parts.ownership.retire([bench.user.slot])
            bench.parts.epoch.value = 7
            let response = await bench.parts.router.answer(
                Request(operation: Operation.listRules, user: bench.user, timeout: .seconds(1)))
            #expect(response.isMoved)
            #expect(response.epoch == 7)
        }
    }

    private func pollAsDue(_ bench: WorkerBench) async -> Timestamp? {
        await bench.parts.poller.poll(bench.user, due: bench.now.value)
    }

    private func expectSwitchedOff(_ bench: WorkerBench, _ rule: Int64, naming tag: Int64) async throws {
        let row = try await bench.rule(rule)
        #expect(row?.isEnabled == false)
        #expect(row?.disabledReason?.contains("\(tag)") == true)
        #expect(await bench.log(rule).map { $0["success"] } == [.integer(0)])
        #expect(bench.parts.users.directory[bench.user]?.hasActiveRules == false)
        #expect(try await bench.parts.registry.user(bench.user)?.hasActiveRules == false)
    }
}
