import DomainModel
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// The log of runs that a crash cut off, and of calls whose fate shows later.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CutRunTests {
    @Test("every action of a run that a crash cut off gets its log row, and the row follows what later shows")
    func cutOff() async throws {
        try await WorkerBench.run { bench in
            let ids = (0..<4).map { Int64(bench.simulator.add(.completed("target \($0)"), to: WorkerBench.key)) }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            try await crash(bench, rule, on: ids, states: [.acknowledged, .failed, .sent, .planned])
            // Of the two that were sent TorBox has done both.
            bench.simulator.remove(.torrent, Int(ids[0]), from: WorkerBench.key)
            bench.simulator.remove(.torrent, Int(ids[2]), from: WorkerBench.key)
            bench.advance(5)
            await bench.poll()

            let entries = await bench.log(rule)
            #expect(entries.count == 2, "the run of this poll, and the one that was cut off")
            let cut = try #require(
                entries.first { $0["error_message"]?.stringValue?.hasPrefix(CutRuns.remark) == true })
            #expect(cut["items_processed"] == .integer(2), "the unknown one shows to be done")
            #expect(cut["error_message"] == .string("cut off by a restart: 1 failed (refused); 1 not tried"))
            #expect(
                cut["items"]?.arrayValue?.map { $0["outcome"]?.stringValue }
                    == ["observed", "failed", "observed", "dropped"])
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty)
            let untold = try await bench.parts.users.read(bench.user) { try ActionRepository.unlogged($0) }
            #expect(untold.isEmpty)
        }
    }

    @Test("a crash is told once, also when nothing of the run is left to do") func once() async throws {
        try await WorkerBench.run { bench in
            let id = Int64(bench.simulator.add(.completed("target"), to: WorkerBench.key))
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            try await crash(bench, rule, on: [id], states: [.acknowledged])
            bench.simulator.remove(.torrent, Int(id), from: WorkerBench.key)
            for _ in 0..<3 {
                bench.advance(1_800)
                await bench.poll()
            }
            let entries = await bench.log(rule)
            #expect(entries.map { $0["error_message"] } == [.string(CutRuns.remark)])
            #expect(entries.first?["success"] == .integer(1))
            #expect(try await bench.rule(rule)?.executionCount == 1)
        }
    }

    @Test("a call of unknown fate is told as that, and as done once a list shows it") func laterObserved() async throws
    {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(SimulatedFault(.answerLost, endpoints: [.torrentControl]))
            await bench.poll()
            let before = try #require(await bench.log(rule).first)
            #expect(before["items_processed"] == .integer(0) && before["success"] == .integer(0))
            #expect(before["error_message"]?.stringValue?.contains("unknown fate") == true)
            bench.advance(60)
            await bench.poll()
            let after = await bench.log(rule)
            #expect(after.count == 1)
            #expect(after.first?["items_processed"] == .integer(1) && after.first?["success"] == .integer(1))
            #expect(after.first?["error_message"] == .null)
            #expect(after.first?["executed_at"] == before["executed_at"])
            #expect(try await bench.rule(rule)?.executionCount == 1)
        }
    }

    /// The journal as a process leaves it that died in the midst of a run.
    private func crash(
        _ bench: WorkerBench, _ rule: Int64, on items: [Int64], states: [ActionState]
    ) async throws {
        let revision = try #require(try await bench.rule(rule)?.revision)
        let hashes = Dictionary(
            uniqueKeysWithValues: bench.simulator.items(.torrent, of: WorkerBench.key).map { (Int64($0.id), $0.hash) })
        try await bench.parts.users.write(bench.user) { db in
            let ids = try ActionRepository.insert(
                db,
                items.map {
                    NewAction(
                        rule: RuleID(rule), ruleName: "r", revision: revision, item: .torrent($0),
                        hash: hashes[$0], action: "delete")
                }, at: noon)
            for (id, state) in zip(ids, states) where state != .planned {
                _ = try ActionRepository.markSent(db, [id], at: noon)
                guard state != .sent else { continue }
                try ActionRepository.finish(db, id, state, detail: state == .failed ? "refused" : nil, at: noon)
            }
            try RuleRepository.markEvaluated(db, [(RuleID(rule), revision)], at: noon)
        }
    }
}
