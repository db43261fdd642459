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

    @Test("a rule that names a deleted tag is switched off with the reason, before it matches everything")
    func deletedTag() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let tag = await bench.ask(Operation.createTag, json: #"{"name":"keep"}"#)["tag"]?["id"]?.integerValue ?? 0
            let rule = try await bench.postRule(
                action: #"{"type":"delete"}"#,
                conditions: "{\"type\":\"TAGS\",\"operator\":\"has_none\",\"value\":[\(tag)]}")
            #expect(await bench.ask(Operation.deleteTag, ["id": "\(tag)"]).status == 200)
            #expect(await pollAsDue(bench) == nil)
            let row = try await bench.rule(rule)
            #expect(row?.isEnabled == false)
            #expect(row?.disabledReason?.contains("\(tag)") == true)
            #expect(bench.changes.isEmpty)
            #expect(await bench.log(rule).first?["success"] == .integer(0))
            #expect(bench.parts.users.directory[bench.user]?.hasActiveRules == false)
            #expect(try await bench.parts.registry.user(bench.user)?.hasActiveRules == false)
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
}
