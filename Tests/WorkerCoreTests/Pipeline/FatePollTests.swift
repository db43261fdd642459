import DomainModel
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// Calls whose answer is lost, late or untrue.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FatePollTests {
    @Test(
        "an answer lost after the effect leaves the fate unknown, the next list settles it, nothing is repeated",
        arguments: [FaultKind.answerLost, .statusAfterEffect(502), .hang(appliesEffect: true)])
    func lostAfterEffect(fault: FaultKind) async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"archive"}"#)
            bench.simulator.inject(SimulatedFault(fault, endpoints: [.torrentControl]))
            #expect(await bench.poll().outcome == .outage)
            #expect(try await bench.states(rule) == [.unknown])
            #expect(try await bench.archived().isEmpty)
            bench.advance(5)
            await bench.poll()
            #expect(try await bench.states(rule) == [.observed])
            #expect(try await bench.archived().count == 1)
            #expect(bench.changes.count == 1)
        }
    }

    @Test(
        "a call that was not carried out is asked for again when a list proves it, and not before",
        arguments: [FaultKind.hang(appliesEffect: false), .status(502)])
    func lostBeforeEffect(fault: FaultKind) async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(SimulatedFault(fault, endpoints: [.torrentControl]))
            await bench.poll()
            #expect(try await bench.states(rule) == [.unknown])
            bench.advance(5)
            let early = await bench.poll()
            #expect(try await bench.states(rule) == [.unknown])
            #expect(bench.changes.count == 1)
            guard case .evaluated(let due?) = early.outcome else {
                Issue.record("ended as \(early.outcome)")
                return
            }
            #expect(due <= noon(60))
            bench.advance(60)
            await bench.poll()
            #expect(try await bench.states(rule) == [.failed, .acknowledged])
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty)
        }
    }

    @Test("an acknowledged delete that stays listed is not repeated, under no name") func acknowledgedStays()
        async throws
    {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(SimulatedFault(.effectDropped, endpoints: [.torrentControl], times: nil))
            for _ in 0..<10 {
                await bench.poll()
                bench.advance(7_200)
            }
            #expect(try await bench.states(rule) == [.acknowledged])
            try await bench.postRule(action: #"{"type":"archive"}"#, id: rule)
            await bench.poll()
            #expect(bench.changes.count == 1)
            #expect(try await bench.archived().isEmpty)
        }
    }

    @Test("an effect that comes late is waited for") func delayedEffect() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"archive"}"#)
            bench.simulator.inject(SimulatedFault(.effectDelayed(seconds: 4_000), endpoints: [.torrentControl]))
            for state in [ActionState.acknowledged, .acknowledged, .acknowledged, .observed] {
                await bench.poll()
                #expect(try await bench.states(rule) == [state])
                bench.advance(1_800)
            }
            #expect(bench.changes.count == 1)
            #expect(try await bench.archived().count == 1)
        }
    }

    @Test("what a dead process left as sent is unknown, what it left as planned is decided anew") func interrupted()
        async throws
    {
        try await WorkerBench.run { bench in
            let id = Int64(bench.simulator.add(.completed("target"), to: WorkerBench.key))
            let other = Int64(bench.simulator.add(.completed("target two"), to: WorkerBench.key))
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            let revision = try #require(try await bench.rule(rule)?.revision)
            try await bench.parts.users.write(bench.user) { db in
                let actions = [id, other].map {
                    NewAction(
                        rule: RuleID(rule), ruleName: "r", revision: revision, item: .torrent($0), action: "delete")
                }
                let ids = try ActionRepository.insert(db, actions, at: noon)
                _ = try ActionRepository.markSent(db, [ids[0]], at: noon)
                try RuleRepository.markEvaluated(db, [(RuleID(rule), revision)], at: noon)
            }
            bench.advance(5)
            await bench.poll()
            #expect(try await bench.states(rule) == [.unknown, .dropped, .acknowledged])
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).map(\.name) == ["target"])
            bench.advance(60)
            await bench.poll()
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty)
            #expect(bench.changes.count == 2)
        }
    }

    @Test("a limit on requests ends the poll, and the rule is due again when TorBox said") func limited() async throws {
        try await WorkerBench.run { bench in
            for number in 0..<5 { bench.simulator.add(.completed("target \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(
                SimulatedFault(.rateLimited(retryAfterSeconds: 77), endpoints: [.torrentControl], times: nil))
            #expect(await bench.poll().outcome == .rateLimited(retryAfter: .seconds(77)))
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).count == 5)
            // Three go at once, unless the first is answered before the others have begun; what follows is not even tried.
            #expect((1...3).contains(bench.changes.count))
            #expect(Set(try await bench.states(rule)) == [.failed, .dropped])
            let row = try #require(try await bench.rule(rule))
            #expect(row.evaluatedRevision != row.revision)
            #expect(await bench.log(rule).count == 1)
        }
    }

    @Test("the active limit ends the run at its first item") func activeLimit() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.changeSettings(of: WorkerBench.key) { $0.activeLimit = 1 }
            for number in 0..<3 { bench.simulator.add(SimulatedQueueItem("target \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(action: #"{"type":"force_start"}"#)
            await bench.poll()
            #expect(bench.simulator.queue(of: WorkerBench.key).count == 2)
            #expect(bench.changes.count == 2)
            #expect(try await bench.states(rule) == [.acknowledged, .failed, .dropped])
        }
    }

    @Test("a refusal of one item is logged and does not hold up the others") func refused() async throws {
        try await WorkerBench.run { bench in
            for number in 0..<3 { bench.simulator.add(.completed("target \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(
                SimulatedFault(.successFalse(error: "NOT_ALLOWED"), endpoints: [.torrentControl]))
            #expect(await bench.poll().outcome == .evaluated(nextRuleDue: noon(1_800)))
            #expect(try await bench.states(rule).count { $0 == .failed } == 1)
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).count == 1)
            let entry = await bench.log(rule).first
            #expect(entry?["success"] == .integer(0))
            #expect(entry?["items_processed"] == .integer(2))
            #expect(entry?["error_message"]?.stringValue?.contains("NOT_ALLOWED") == true)
        }
    }
}
