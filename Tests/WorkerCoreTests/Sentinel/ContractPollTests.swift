import DomainModel
import NIOCore
import Testing
import TorBoxSimulator
import WireProtocol

@testable import WorkerCore

/// Rows that changed their form, in real polls.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ContractPollTests {
    @Test("an item in an unknown state is not deleted until its state is known again") func unknownState() async throws
    {
        try await WorkerBench.run { bench in
            var odd = SimulatedItem.completed("target one")
            odd.downloadState = "quantum flux"
            let id = bench.simulator.add(odd, to: WorkerBench.key)
            bench.simulator.add(.completed("target two"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            #expect(try await bench.actions(rule).count == 1)
            #expect(await bench.contract("frozenUsers") == 1)
            _ = bench.simulator.change(.torrent, id, of: WorkerBench.key) { $0.downloadState = "completed" }
            bench.advance(3_600)
            await bench.poll()
            #expect(try await bench.actions(rule).count == 2)
            #expect(await bench.contract("frozenUsers") == 0)
            #expect(await bench.contract("episodes") == 1)
        }
    }

    @Test("a flag that vanishes from all rows does not read as off") func vanishedFlag() async throws {
        try await WorkerBench.run { bench in
            let ids = (1...4).map { bench.simulator.add(.seeding("target \($0)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(
                action: #"{"type":"delete"}"#, conditions: #"{"type":"IS_ACTIVE","operator":"is_false","value":true}"#)
            await bench.poll()
            for id in ids {
                _ = bench.simulator.change(.torrent, id, of: WorkerBench.key) { $0.omittedKeys.insert("active") }
            }
            bench.advance(3_600)
            guard case .evaluated = await bench.poll().outcome else {
                Issue.record("not evaluated")
                return
            }
            #expect(try await bench.actions(rule).isEmpty)
            #expect(bench.changes.isEmpty)
            #expect(await bench.contract("frozenUsers") == 1)
        }
    }
}

extension WorkerBench {
    fileprivate func contract(_ member: String) async -> Int64? {
        let response = await parts.router.answer(Request(operation: Operation.workerStatus, timeout: .seconds(10)))
        guard case .bytes(let body) = response.body else { return nil }
        let json = try? JSONValue(parsing: Array(body.readableBytesView))  // Nil says enough.
        return json?["pollingScheduler"]?["contract"]?[member]?.integerValue
    }
}
