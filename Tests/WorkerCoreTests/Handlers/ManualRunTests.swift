import DomainModel
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// `POST /api/automation/rules/:id/run`, with the scheduler at work as in a serving worker.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ManualRunTests {
    private func running(_ body: (WorkerBench) async throws -> Void) async throws {
        try await WorkerBench.run { bench in
            let (scheduler, poller) = (bench.parts.scheduler, bench.parts.poller)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await scheduler.run { await poller.poll($0, due: $1, leaving: $2) } }
                do {
                    try await body(bench)
                } catch {
                    await scheduler.stop()
                    throw error
                }
                await scheduler.stop()
                try await group.waitForAll()
            }
        }
    }

    private func run(_ bench: WorkerBench, _ rule: Int64) async -> JSONValue {
        let answer = await bench.ask(Operation.runRule, ["id": "\(rule)"])
        #expect(answer.status == 200)
        #expect(answer["success"] == .bool(true))
        return answer["result"] ?? .null
    }

    @Test("a rule that is switched off runs by hand, through journal and log, and stays switched off") func off()
        async throws
    {
        try await running { bench async throws in
            bench.simulator.add(.seeding("target"), to: WorkerBench.key)
            bench.simulator.add(.seeding("other"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#, isEnabled: false)
            let result = await run(bench, rule)
            #expect(result["ruleId"] == .integer(rule))
            #expect(result["ruleName"] == .string("r"))
            #expect(result["totalTorrents"] == .integer(2))
            #expect(result["matchedTorrents"] == .integer(1))
            #expect(result["processedTorrents"] == .integer(1))
            #expect(result["successCount"] == .integer(1))
            #expect(result["errorCount"] == .integer(0))
            #expect(result["executed"] == .bool(true))
            #expect(result["skipped"] == .bool(false))
            #expect(result["actionType"] == .string("delete"))
            #expect(result["executionTime"] == .string("0.00"))
            #expect(result["error"] == nil)
            #expect(try await bench.states(rule) == [.acknowledged])
            #expect(bench.changes.count == 1)
            #expect(await bench.log(rule).first?["items_processed"] == .integer(1))
            let row = try await bench.rule(rule)
            #expect(row?.isEnabled == false)
            #expect(row?.executionCount == 1)
            #expect(row?.lastEvaluatedAt == noon)
        }
    }

    @Test("five minutes must lie between two evaluations, scheduled ones counted") func spacing() async throws {
        try await running { bench async throws in
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            #expect(await eventually { (try? await bench.rule(rule)?.evaluatedAt) == noon })
            bench.advance(299)
            let calls = bench.simulator.calls().count
            let early = await run(bench, rule)
            #expect(early["rateLimited"] == .bool(true))
            #expect(early["skipped"] == .bool(true))
            #expect(early["executed"] == .bool(false))
            #expect(early["lastEvaluatedAt"] == .string(noon.sqliteText))
            #expect(early["rateLimitMinutes"]?.doubleValue == 5)
            #expect(bench.simulator.calls().count == calls)
            bench.advance(1)
            let late = await run(bench, rule)
            #expect(late["rateLimited"] == nil)
            #expect(late["reason"] == .string("No downloads match"))
            #expect(await run(bench, rule)["rateLimited"] == .bool(true))
        }
    }

    @Test("an unknown rule is an error inside the result, a bad id one of the request") func unknown() async throws {
        try await running { bench async throws in
            let result = await run(bench, 9_999)
            #expect(result["error"] == .string("Rule not found"))
            #expect(result["executed"] == .bool(false))
            #expect(await bench.ask(Operation.runRule, ["id": "x"]).status == 400)
        }
    }

    @Test("what is protected is left alone") func protected() async throws {
        try await running { bench async throws in
            let id = bench.simulator.add(.seeding("target"), to: WorkerBench.key)
            _ = await bench.ask(Operation.setProtected, json: "{\"download_ids\":[\(id)],\"protected\":true}")
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#, isEnabled: false)
            let result = await run(bench, rule)
            #expect(result["matchedTorrents"] == .integer(1))
            #expect(result["skipped"] == .bool(true))
            #expect(result["executed"] == .bool(false))
            #expect(result["reason"]?.stringValue?.contains("protected") == true)
            #expect(bench.changes.isEmpty)
        }
    }

    @Test("a run that would destroy too much destroys nothing, and says so") func blastRadius() async throws {
        try await running { bench async throws in
            for number in 0..<11 { bench.simulator.add(.seeding("target \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#, isEnabled: false)
            let result = await run(bench, rule)
            #expect(result["matchedTorrents"] == .integer(11))
            #expect(result["executed"] == .bool(false))
            #expect(result["skipped"] == .bool(true))
            #expect(result["reason"]?.stringValue?.contains("parked") == true)
            #expect(bench.changes.isEmpty)
            #expect(await bench.log(rule).count == 1)
        }
    }

    @Test("an incomplete list changes nothing and is an error inside the result") func failure() async throws {
        try await running { bench async throws in
            bench.simulator.add(.seeding("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#, isEnabled: false)
            bench.simulator.inject(SimulatedFault(.status(503), times: nil))
            let result = await run(bench, rule)
            #expect(result["error"]?.stringValue?.isEmpty == false)
            #expect(result["executed"] == .bool(false))
            bench.simulator.clearFaults()
            #expect(bench.changes.isEmpty)
            #expect(try await bench.actions(rule).isEmpty)
        }
    }

    @Test("a rule that names a deleted tag is not run") func brokenTag() async throws {
        try await running { bench async throws in
            _ = await bench.ask(Operation.createTag, json: #"{"name":"a"}"#)
            let rule = try await bench.postRule(action: #"{"type":"add_tag","tagIds":[1]}"#, isEnabled: false)
            _ = await bench.ask(Operation.deleteTag, ["id": "1"])
            #expect(await run(bench, rule)["reason"] == .string("The rule names a tag that no longer exists"))
        }
    }

    @Test("tagging by hand tells the listeners") func tags() async throws {
        try await running { bench async throws in
            bench.simulator.add(.seeding("target"), to: WorkerBench.key)
            _ = await bench.ask(Operation.createTag, json: #"{"name":"a"}"#)
            let rule = try await bench.postRule(action: #"{"type":"add_tag","tagIds":[1]}"#, isEnabled: false)
            let listener = try #require(bench.parts.events.subscribe(bench.user))
            #expect(await run(bench, rule)["successCount"] == .integer(1))
            listener.end()
            #expect(await listener.next()?.events.contains(.tagsChanged) == true)
        }
    }

    @Test("of many runs asked for at once one is made") func crowd() async throws {
        try await running { bench async throws in
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#, isEnabled: false)
            let limited = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let answer = await bench.ask(Operation.runRule, ["id": "\(rule)"])
                        return answer["result"]?["rateLimited"] == .bool(true)
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(limited == 7)
        }
    }
}
