import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// Parked batches and the breaker over real HTTP and real processes.
@Suite(.serialized) struct ParkedBatchTests {
    @Test("an approval is carried out once for each item although the worker is killed right after the answer")
    func approvalSurvives() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let key = try await fixture.addUser(1, rows: (0..<14).map { .seeding("doomed \($0)", ratio: 3) })
        try await fixture.saveRules(
            [RuleText.rule("all", action: "delete", conditions: RuleText.ratio(above: 2))], key: key)
        var batch: JSONValue?
        let isParked = try await eventually {
            batch = try await fixture.rest.send(.GET, "/api/automation/parked", key: key).json["parked"]?.arrayValue?
                .first
            return batch != nil
        }
        try #require(isParked)
        #expect(batch?["item_count"]?.integerValue == 14)
        #expect(fixture.controlCalls(key: key).isEmpty)
        let id = try #require(batch?["id"]?.integerValue)
        // Slow, so that the kill falls between the answer and the last call.
        fixture.simulator.inject(SimulatedFault(.delay(milliseconds: 30), times: nil))
        let path = "/api/automation/parked/\(id)/approve"
        #expect(try await fixture.rest.send(.POST, path, key: key).status == 200)
        kill(try #require(fixture.service.children["worker 0"]), SIGKILL)
        fixture.simulator.clearFaults()
        let isDone = try await eventually(within: .seconds(90)) {
            fixture.simulator.items(.torrent, of: key).isEmpty
        }
        #expect(isDone)
        #expect(try await fixture.rest.send(.POST, path, key: key).status == 200)
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("when TorBox lies for everybody the breaker opens, status shows it, and the operator lifts it")
    func breaker() async throws {
        // Rules of 30 minutes run every 1.8 s.
        let fixture = try await Fixture.start(
            workers: 1, environment: ["NODE_ENV": "development", "DEV_INTERVAL_MULTIPLIER": "0.001"])
        var keys: [String] = []
        for number in 0..<8 {
            let key = try await fixture.addUser(number, rows: (0..<6).map { .seeding("item \($0)", ratio: 1) })
            let poor = #"{"type":"RATIO","operator":"lt","value":0.5}"#
            try await fixture.saveRules([RuleText.rule("r", action: "delete", conditions: poor)], key: key)
            keys.append(key)
        }
        // Every rule was evaluated at least once: from now on a change is sudden.
        let isSettled = try await eventually {
            keys.allSatisfy { fixture.simulator.calls(account: $0).count { $0.endpoint == .torrentList } >= 2 }
        }
        #expect(isSettled)
        for key in keys {
            for item in fixture.simulator.items(.torrent, of: key) {
                fixture.simulator.change(.torrent, item.id, of: key) { $0.ratio = 0 }
            }
        }
        func gauge(_ name: String) async throws -> Int64? {
            let worker = OperatorCommand.child("worker-0", of: try await OperatorCommand.status(of: fixture))
            return worker?["gauges"]?[name]?.integerValue
        }
        let isOpen = try await eventually {
            let (open, parked) = (try await gauge("breaker.open"), try await gauge("batches.parked"))
            return open == 1 && parked.map { $0 > 0 } == true
        }
        #expect(isOpen)
        let isKept = keys.contains { !fixture.simulator.items(.torrent, of: $0).isEmpty }
        #expect(isKept)
        let lifted = try await OperatorCommand.run("lift-breaker", on: fixture)
        #expect(lifted.exitCode == 0 && lifted.text.contains("lifted in 1"), "\(lifted.text)")
        let goesOn = try await eventually(within: .seconds(60)) {
            keys.allSatisfy { fixture.simulator.items(.torrent, of: $0).isEmpty }
        }
        #expect(goesOn)
        let again = try await OperatorCommand.run("lift-breaker", on: fixture)
        #expect(again.exitCode == 0)
        #expect(try await fixture.stop().exitCode == 0)
    }
}
