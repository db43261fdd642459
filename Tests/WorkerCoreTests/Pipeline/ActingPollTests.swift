import DomainModel
import RuleEngine
import Testing
import TorBoxSimulator
import UserStore

@testable import WorkerCore

/// When a poll gives its place to another, and that it acts as safely without it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ActingPollTests {
    @Test("a poll leaves its place when all is committed and before its first call") func leaves() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            let left = Counter()
            let place = PollPlace {
                left.add()
                #expect(bench.changes.isEmpty)
                #expect(await (try? bench.states(rule)) == [.planned])
            }
            #expect(await poll(bench, leaving: place) == .evaluated(nextRuleDue: noon(1_800)))
            #expect(left.value == 1)
            #expect(bench.changes.count == 1)
        }
    }

    @Test("a poll that has nothing to ask of TorBox keeps its place", arguments: ["tag", "match", "due", "rules"])
    func keeps(missing: String) async throws {
        try await WorkerBench.run { bench in
            if missing != "match" { bench.simulator.add(.completed("target"), to: WorkerBench.key) }
            let tag = try await bench.makeTag("kept")
            let action = missing == "tag" ? "{\"type\":\"add_tag\",\"tagIds\":[\(tag)]}" : #"{"type":"delete"}"#
            if missing != "rules" { try await bench.postRule(action: action) }
            if missing == "due" { await bench.poll() }
            _ = await poll(bench, leaving: PollPlace { Issue.record("it left its place") })
        }
    }

    @Test(
        "what is read again two minutes later is judged by the tags and the history that it had",
        arguments: [true, false])
    func readAgain(stillMatches: Bool) async throws {
        try await WorkerBench.run { bench in
            let id = bench.simulator.add(.completed("target"), to: WorkerBench.key)
            bench.simulator.add(.completed("other"), to: WorkerBench.key)
            let tag = try await bench.makeTag("done")
            try await bench.postRule(action: "{\"type\":\"add_tag\",\"tagIds\":[\(tag)]}")
            await bench.poll()
            let rule = try await bench.postRule(
                action: #"{"type":"delete"}"#,
                conditions: #"""
                    {"type":"TAGS","operator":"has_any","value":[\#(tag)]},
                    {"type":"NAME","operator":"contains","value":"target"}
                    """#)
            let lists = bench.simulator.calls(endpoint: .torrentList).count
            _ = await poll(
                bench,
                leaving: PollPlace {
                    bench.advance(600)
                    if !stillMatches { bench.simulator.change(.torrent, id, of: WorkerBench.key) { $0.name = "kept" } }
                })
            #expect(bench.simulator.calls(endpoint: .torrentList).count == lists + 2)
            #expect(bench.changes.count == (stillMatches ? 1 : 0))
            #expect(try await bench.states(rule) == [stillMatches ? .acknowledged : .skipped])
        }
    }

    @Test("with one place a user is polled while another's actions wait") func others() async throws {
        try await WorkerBench.run(["MAX_CONCURRENT_POLLS": "1"]) { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let other = try await bench.register("bench-key-0002")
            bench.simulator.add(.completed("target"), to: "bench-key-0002")
            let (scheduler, poller, waits) = (bench.parts.scheduler, bench.parts.poller, Gate())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await scheduler.run { user, due, place in
                        let slow = PollPlace {
                            await place.leave()
                            await waits.pass()
                        }
                        return await poller.poll(user, due: due, leaving: user == bench.user ? slow : place)
                    }
                }
                try await bench.postRule(action: #"{"type":"delete"}"#)
                #expect(await eventually { waits.arrivals == 1 })
                try await bench.postRule(action: #"{"type":"delete"}"#, as: other)
                #expect(await eventually { bench.simulator.items(.torrent, of: "bench-key-0002").isEmpty })
                #expect(await scheduler.isPolling(bench.user))
                #expect(bench.simulator.items(.torrent, of: WorkerBench.key).count == 1)
                waits.open()
                #expect(await eventually { bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty })
                await scheduler.stop()
                try await group.waitForAll()
            }
        }
    }

    private func poll(_ bench: WorkerBench, leaving place: PollPlace) async -> PollOutcome {
        await bench.parts.poller.pipeline.poll(bench.user, leaving: place).outcome
    }
}
