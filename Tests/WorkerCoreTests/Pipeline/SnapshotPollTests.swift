import DomainModel
import Testing
import TorBoxSimulator
import UserStore

@testable import WorkerCore

/// Lists that are no whole and plain statement about the account.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SnapshotPollTests {
    static let lists: [FaultKind] = [
        .status(500), .status(502), .rateLimited(retryAfterSeconds: 600), .edgeRateLimited, .successFalse(error: nil),
        .successFalse(error: "DATABASE_ERROR"), .notFoundButSuccess, .authError, .badToken, .missingData, .nullData,
        .withoutIDs, .hang(appliesEffect: false), .cutBody(fraction: 0.5), .answerLost,
        .raw(status: 200, body: "<html>", contentType: "text/html"),
        .raw(status: 200, body: "", contentType: "text/plain"),
        .raw(status: 200, body: "{}", contentType: "application/json"),
        .raw(status: 200, body: #"{"success":true,"data":{}}"#, contentType: "application/json"),
        .raw(status: 200, body: #"{"success":"true","data":[]}"#, contentType: "application/json"),
    ]

    @Test("after a list that is no statement nothing is remembered, forgotten or done", arguments: lists)
    func incomplete(fault: FaultKind) async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.seeding("kept"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            let before = try await bench.tracked()
            #expect(before.count == 1)
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            for _ in 0..<4 {
                bench.advance(3_600)
                bench.simulator.inject(SimulatedFault(fault, endpoints: [.torrentList]))
                let outcome = await bench.poll().outcome
                if case .evaluated = outcome { Issue.record("evaluated after \(fault)") }
            }
            #expect(try await bench.tracked() == before)
            #expect(try await bench.actions(rule).isEmpty)
            #expect(bench.changes.isEmpty)
            #expect(try await bench.rule(rule)?.evaluatedAt == noon)
        }
    }

    @Test(
        "the queue is part of the statement",
        arguments: [FaultKind.status(502), .successFalse(error: nil), .nullData, .withoutIDs, .cutBody(fraction: 0.5)])
    func incompleteQueue(fault: FaultKind) async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            bench.simulator.add(SimulatedQueueItem("waiting"), to: WorkerBench.key)
            try await bench.postRule(action: #"{"type":"delete"}"#)
            bench.simulator.inject(SimulatedFault(fault, endpoints: [.queueList]))
            if case .evaluated = await bench.poll().outcome { Issue.record("evaluated after \(fault)") }
            #expect(try await bench.tracked().isEmpty)
            #expect(bench.changes.isEmpty)
        }
    }

    @Test("one kind that fails keeps all kinds from being acted on") func oneKindFails() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            bench.simulator.add(.completed("target", kind: .usenet), to: WorkerBench.key)
            try await bench.postRule(action: #"{"type":"delete"}"#, assets: #"["torrent","usenet"]"#)
            bench.simulator.inject(SimulatedFault(.status(503), endpoints: [.usenetList]))
            #expect(await bench.poll().outcome == .outage)
            #expect(bench.changes.isEmpty)
            await bench.poll()
            #expect(bench.changes.count == 2)
        }
    }

    @Test(
        "a list that is suddenly empty makes nothing be forgotten for an hour",
        arguments: [FaultKind.emptyList, .halfList])
    func empty(fault: FaultKind) async throws {
        try await WorkerBench.run { bench in
            for number in 0..<4 { bench.simulator.add(.seeding("kept \(number)"), to: WorkerBench.key) }
            try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            let id = bench.simulator.inject(SimulatedFault(fault, endpoints: [.torrentList], times: nil))
            bench.advance(1_800)
            await bench.poll()
            #expect(try await bench.tracked().count == 4)
            bench.simulator.clearFaults(id)
            bench.advance(1_800)
            await bench.poll()
            let tracked = try await bench.tracked()
            #expect(tracked.count == 4)
            #expect(tracked.values.allSatisfy { $0.misses == 0 && $0.firstSeen == noon })
        }
    }

    @Test("a download that is gone is forgotten with everything about it, in time") func forgotten() async throws {
        try await WorkerBench.run { bench in
            let id = bench.simulator.add(.seeding("kept"), to: WorkerBench.key)
            bench.simulator.add(.seeding("stays"), to: WorkerBench.key)
            try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            bench.simulator.remove(.torrent, id, from: WorkerBench.key)
            for count in [2, 2, 1] {
                bench.advance(1_800)
                await bench.poll()
                #expect(try await bench.tracked().count == count)
            }
        }
    }

    @Test("odd rows stop nothing: the rule still acts on the plain ones") func oddRows() async throws {
        try await WorkerBench.run { bench in
            var odd = SimulatedItem.completed("odd")
            odd.overrides = ["name": "17", "download_state": "{}", "ratio": "\"x\"", "size": "null"]
            bench.simulator.add(odd, to: WorkerBench.key)
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            #expect(bench.changes.count == 1)
            #expect(try await bench.tracked().count == 2)
        }
    }

    @Test("a poll of an unchanged library writes no item and no action") func unchanged() async throws {
        try await WorkerBench.run { bench in
            for number in 0..<3 { bench.simulator.add(.completed("kept \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            let before = try await bench.tracked()
            bench.advance(1_800)
            #expect(await bench.poll().outcome == .evaluated(nextRuleDue: noon(3_600)))
            #expect(try await bench.tracked() == before)
            #expect(await bench.log(rule).isEmpty)
        }
    }

    @Test("a poll before any rule is due asks TorBox nothing") func notDue() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            let calls = bench.simulator.calls().count
            bench.advance(1_799)
            #expect(await bench.poll().outcome == .evaluated(nextRuleDue: noon(1_800)))
            #expect(bench.simulator.calls().count == calls)
        }
    }
}
