import DomainModel
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// What must never happen, whatever TorBox answers.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SafetyTests {
    @Test(
        "an hour of empty, halved or nameless lists does nothing and forgets nothing, and rules fire rightly later",
        arguments: [FaultKind.emptyList, .halfList, .withoutIDs, .nullData])
    func lyingLists(fault: FaultKind) async throws {
        try await WorkerBench.run { bench in
            for number in 0..<10 { bench.simulator.add(.seeding("target \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(
                action: #"{"type":"delete"}"#,
                conditions: #"{"type":"LAST_UPLOAD_ACTIVITY_AT","operator":"gt","value":130}"#)
            await bench.poll()
            let before = try await bench.tracked()
            let lie = bench.simulator.inject(SimulatedFault(fault, endpoints: [.torrentList], times: nil))
            for _ in 0..<3 {
                bench.advance(1_800)
                await bench.poll()
            }
            #expect(bench.changes.isEmpty)
            #expect(try await bench.actions(rule).isEmpty)
            let during = try await bench.tracked()
            #expect(during.count == 10)
            #expect(
                during.mapValues(\.telemetry.lastUploadActivity) == before.mapValues(\.telemetry.lastUploadActivity))
            #expect(during.mapValues(\.firstSeen) == before.mapValues(\.firstSeen))

            bench.simulator.clearFaults(lie)
            // 120 minutes of rest are not enough, 150 are: what was known before the lie still counts.
            for deleted in [0, 10] {
                bench.advance(1_800)
                await bench.poll()
                #expect(bench.changes.count == deleted)
            }
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty)
        }
    }

    @Test("a rule that suddenly matches the whole library deletes nothing: one parked batch, one entry in the log")
    func wholeLibrary() async throws {
        try await WorkerBench.run { bench in
            for number in 0..<30 { bench.simulator.add(.seeding("item \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(
                action: #"{"type":"delete"}"#, conditions: #"{"type":"RATIO","operator":"lt","value":0.5}"#)
            await bench.poll()
            #expect(await bench.log(rule).isEmpty)
            for item in bench.simulator.items(.torrent, of: WorkerBench.key) {
                bench.simulator.change(.torrent, item.id, of: WorkerBench.key) { $0.ratio = 0 }
            }
            for _ in 0..<4 {
                bench.advance(1_800)
                await bench.poll()
            }
            #expect(bench.changes.isEmpty)
            #expect(await bench.parked().map { $0["item_count"] } == [.integer(30)])
            let log = await bench.log(rule)
            #expect(log.count == 1)
            #expect(
                log.first?["error_message"]
                    == .string(
                        "30 parked: more than the 10 items that one run may destroy; approve or reject the batch"))
            #expect(log.first?["items"]?.arrayValue?.count == 30)
        }
    }

    @Test("of two rules that would destroy an item the first by id does, once; what harms nothing goes before")
    func conflict() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let tag = await bench.ask(Operation.createTag, json: #"{"name":"seen"}"#)["tag"]?["id"]?.integerValue ?? 0
            func rule(_ name: String, _ action: String) -> String {
                """
                {"name":"\(name)","enabled":true,"assetTypes":["torrent"],"trigger":{"type":"interval","value":30},
                "logicOperator":"and","action":\(action),"groups":[{"logicOperator":"and","conditions":[
                {"type":"NAME","operator":"contains","value":"target"}]}]}
                """
            }
            let rules = [
                rule("archive", #"{"type":"archive"}"#), rule("delete", #"{"type":"delete"}"#),
                rule("tag", "{\"type\":\"add_tag\",\"tagIds\":[\(tag)]}"),
            ]
            let answer = await bench.ask(
                Operation.replaceRules, json: "{\"rules\":[\(rules.joined(separator: ","))]}")
            let ids = (answer["rules"]?.arrayValue ?? []).compactMap { $0["id"]?.integerValue }
            try #require(ids.count == 3)
            await bench.poll()
            #expect(bench.changes.count == 1)
            #expect(try await bench.states(ids[0]) == [.acknowledged])
            #expect(try await bench.actions(ids[1]).map(\.detail) == ["another rule destroys it in the same poll"])
            #expect(try await bench.states(ids[2]) == [.observed])
            #expect(try await bench.archived().count == 1)
        }
    }

    @Test("an airlocked download is never deleted or archived", arguments: ["delete", "archive"])
    func airlocked(action: String) async throws {
        try await WorkerBench.run { bench in
            var item = SimulatedItem.completed("target")
            item.airlocked = true
            bench.simulator.add(item, to: WorkerBench.key)
            let rule = try await bench.postRule(action: "{\"type\":\"\(action)\"}")
            for _ in 0..<2 {
                await bench.poll()
                bench.advance(1_800)
            }
            #expect(bench.changes.isEmpty)
            #expect(Set(try await bench.actions(rule).map(\.detail)) == ["airlocked at TorBox"])
        }
    }

    @Test("an acknowledged deletion is not taken for done because a list is suddenly empty, and is not sent again")
    func acknowledgedThroughLie() async throws {
        try await WorkerBench.run { bench in
            for number in 0..<9 { bench.simulator.add(.completed("kept \(number)"), to: WorkerBench.key) }
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(SimulatedFault(.effectDropped, endpoints: [.torrentControl], times: nil))
            await bench.poll()
            bench.simulator.inject(SimulatedFault(.emptyList, endpoints: [.torrentList]))
            for _ in 0..<3 {
                bench.advance(1_800)
                await bench.poll()
            }
            #expect(try await bench.states(rule) == [.acknowledged])
            #expect(bench.changes.count == 1)
        }
    }
}
