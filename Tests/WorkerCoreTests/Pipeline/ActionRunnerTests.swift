import DomainModel
import RuleEngine
import Testing
import TorBoxClient
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// The last checks between the journal and the call.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ActionRunnerTests {
    @Test("a rule that was edited, switched off or deleted after the plan sends nothing", arguments: 0..<3)
    func ruleChanged(how: Int) async throws {
        try await WorkerBench.run { bench in
            let plan = try await plan(bench)
            switch how {
            case 0: try await bench.postRule(action: #"{"type":"add_airlock"}"#, id: plan.rule)
            case 1:
                let answer = await bench.ask(
                    Operation.setRuleEnabled, ["id": "\(plan.rule)"], json: #"{"enabled":false}"#)
                #expect(answer.status == 200)
            default: #expect(await bench.ask(Operation.deleteRule, ["id": "\(plan.rule)"]).status == 200)
            }
            let ending = try await carryOut(bench, plan)
            #expect(ending.outcome == nil)
            #expect(bench.changes.isEmpty)
            #expect(try await bench.states(plan.rule) == [.dropped])
        }
    }

    @Test("renaming a rule does not cancel what it planned") func renamed() async throws {
        try await WorkerBench.run { bench in
            let plan = try await plan(bench)
            let id = plan.rule
            let answer = await bench.ask(
                Operation.replaceRules,
                json: """
                    {"rules":[{"id":\(id),"name":"new name","enabled":true,"assetTypes":["torrent"],
                    "trigger":{"type":"interval","value":30},"logicOperator":"and","action":{"type":"delete"},
                    "groups":[{"logicOperator":"and","conditions":[
                    {"type":"NAME","operator":"contains","value":"target"}]}]}]}
                    """)
            #expect(answer.status == 200)
            _ = try await carryOut(bench, plan)
            #expect(bench.changes.count == 1)
        }
    }

    @Test("protection set after the plan is respected") func protectedMeanwhile() async throws {
        try await WorkerBench.run { bench in
            let plan = try await plan(bench)
            try await bench.parts.users.write(bench.user) { db in
                try ProtectionRepository.set(db, ["\(plan.item.key.id)"], isProtected: true, at: noon)
            }
            _ = try await carryOut(bench, plan)
            #expect(bench.changes.isEmpty)
            #expect(try await bench.states(plan.rule) == [.skipped])
        }
    }

    @Test("what was read just now is not read again, what is older than two minutes is") func freshness() async throws {
        try await WorkerBench.run { bench in
            let plan = try await plan(bench)
            let before = bench.simulator.calls(endpoint: .torrentList).count
            bench.advance(120)
            _ = try await carryOut(bench, plan)
            #expect(bench.simulator.calls(endpoint: .torrentList).count == before)
        }
        try await WorkerBench.run { bench in
            let plan = try await plan(bench)
            let before = bench.simulator.calls(endpoint: .torrentList).count
            bench.advance(121)
            _ = try await carryOut(bench, plan)
            #expect(bench.simulator.calls(endpoint: .torrentList).count == before + 1)
            #expect(bench.changes.count == 1)
        }
    }

    @Test(
        "an item that changed since is left alone",
        arguments: [
            ("gone", ActionState.skipped), ("renamed", .skipped), ("other", .skipped), ("airlocked", .skipped),
            ("unreadable", .failed),
        ])
    func changedMeanwhile(how: String, state: ActionState) async throws {
        try await WorkerBench.run { bench in
            let plan = try await plan(bench)
            let id = Int(plan.item.key.id)
            switch how {
            case "gone": bench.simulator.remove(.torrent, id, from: WorkerBench.key)
            case "renamed": bench.simulator.change(.torrent, id, of: WorkerBench.key) { $0.name = "kept" }
            case "other":
                bench.simulator.change(.torrent, id, of: WorkerBench.key) {
                    $0.hash = String(repeating: "0", count: 40)
                }
            case "airlocked": bench.simulator.change(.torrent, id, of: WorkerBench.key) { $0.airlocked = true }
            default: bench.simulator.inject(SimulatedFault(.nullData, endpoints: [.torrentList], times: nil))
            }
            bench.advance(600)
            _ = try await carryOut(bench, plan)
            #expect(bench.changes.isEmpty)
            #expect(try await bench.states(plan.rule) == [state])
        }
    }

    @Test("a slot that is given up meanwhile ends the run before the next call") func slotGone() async throws {
        try await WorkerBench.run { bench in
            let plan = try await plan(bench)
            bench.parts.ownership.retire([bench.user.slot])
            let ending = try await carryOut(bench, plan)
            #expect(ending.outcome == .interrupted)
            #expect(ending.unfinishedRules == [RuleID(plan.rule)])
            #expect(bench.changes.isEmpty)
        }
    }

    // MARK: Tools

    private struct Plan {
        var rule: Int64
        var run: PlannedRun
        var item: DownloadItem
    }

    /// A rule with one delete in the journal, planned from a list read at noon.
    private func plan(_ bench: WorkerBench) async throws -> Plan {
        bench.simulator.add(.completed("target"), to: WorkerBench.key)
        bench.simulator.add(.completed("other"), to: WorkerBench.key)
        let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
        let row = try #require(try await bench.rule(rule))
        let snapshot = try await bench.parts.client.snapshot(
            of: [.torrent], for: try bench.parts.users.account(bench.user))
        let item = try #require(snapshot.items.first { $0.name == "target" })
        let ids = try await bench.parts.users.write(bench.user) { db in
            try ActionRepository.insert(
                db,
                [
                    NewAction(
                        rule: row.id, ruleName: row.name, revision: row.revision, item: item.key, hash: item.hash,
                        action: "delete")
                ], at: noon)
        }
        let run = PlannedRun(
            program: row.program, action: .delete, steps: ids.map { PlannedRun.Step(id: $0, item: item) }, settled: [],
            protectedCount: 0, skippedCount: 0)
        return Plan(rule: rule, run: run, item: item)
    }

    private func carryOut(_ bench: WorkerBench, _ plan: Plan) async throws -> ActionRunner.Ending {
        await bench.parts.poller.pipeline.actions.carryOut(
            [plan.run], for: try bench.parts.users.account(bench.user), context: EvaluationContext(now: noon),
            fetchedAt: noon, in: OneTurn())
    }
}
