import DomainModel
import Registry
import Testing
import TorBoxClient
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// Each action from rule to TorBox and back, against real files and a simulated TorBox.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ActionPollTests {
    @Test("deleting is done once, logged with its item, and seen in the next list") func delete() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            bench.simulator.add(.completed("other"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            try await expectDoneOnce(bench, rule, "delete")
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).map(\.name) == ["other"])
            #expect(try await bench.archived().isEmpty)
        }
    }

    @Test(
        "each kind is deleted by its own call",
        arguments: [(AssetKind.usenet, SimulatorEndpoint.usenetControl), (.webDownload, .webDownloadControl)])
    func deleteKinds(kind: AssetKind, endpoint: SimulatorEndpoint) async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target", kind: kind), to: WorkerBench.key)
            bench.simulator.add(.completed("other", kind: kind), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#, assets: #"["usenet","webdl"]"#)
            try await expectDoneOnce(bench, rule, "delete")
            #expect(bench.changes.map(\.endpoint) == [endpoint])
            #expect(bench.simulator.items(kind, of: WorkerBench.key).map(\.name) == ["other"])
        }
    }

    @Test("archiving deletes first and leaves its row") func archive() async throws {
        try await WorkerBench.run { bench in
            let id = bench.simulator.add(.completed("target"), to: WorkerBench.key)
            bench.simulator.add(.completed("other"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"archive"}"#)
            try await expectDoneOnce(bench, rule, "archive")
            let rows = try await bench.archived()
            #expect(rows.map(\.torrentID) == ["\(id)"])
            #expect(rows.map(\.name) == ["target"])
            #expect(rows.first?.tracker?.isEmpty == false)
        }
    }

    @Test("what a rule removed is no loss of the list: it goes on when most of the library was its work")
    func removedIsExpected() async throws {
        let quick = ["NODE_ENV": "development", "DEV_INTERVAL_MULTIPLIER": "0.01"]
        try await WorkerBench.run(quick) { bench in
            for number in 1...3 { bench.simulator.add(.completed("other \(number)"), to: WorkerBench.key) }
            _ = try await bench.postRule(action: #"{"type":"delete"}"#)
            for number in 1...8 {
                bench.simulator.add(.completed("target \(number)"), to: WorkerBench.key)
                await bench.poll()
                #expect(bench.changes.count == number)
                bench.advance(60)
            }
            await bench.poll()
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).count == 3)
            #expect(try await bench.tracked().count == 3, "what was seen to be gone is not missed")
        }
    }

    @Test("stopping a seeder is done once") func stopSeeding() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.seeding("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"stop_seeding"}"#)
            try await expectDoneOnce(bench, rule, "stop_seeding")
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).map(\.active) == [false])
        }
    }

    @Test("starting a queued download is done once") func forceStart() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(SimulatedQueueItem("target"), to: WorkerBench.key)
            let rule = try await bench.postRule(action: #"{"type":"force_start"}"#)
            try await expectDoneOnce(bench, rule, "force_start")
            #expect(bench.simulator.queue(of: WorkerBench.key).isEmpty)
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).map(\.name) == ["target"])
        }
    }

    @Test("the airlock is closed and opened once each", arguments: [true, false]) func airlock(closes: Bool)
        async throws
    {
        try await WorkerBench.run { bench in
            var item = SimulatedItem.completed("target")
            item.airlocked = !closes
            item.tags = ["kept"]
            bench.simulator.add(item, to: WorkerBench.key)
            let action = closes ? "add_airlock" : "remove_airlock"
            let rule = try await bench.postRule(action: "{\"type\":\"\(action)\"}")
            try await expectDoneOnce(bench, rule, action)
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).map(\.airlocked) == [closes])
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).map(\.tags) == [["kept"]])
        }
    }

    @Test("a tag is put on and taken off in the user's own file, at once") func tags() async throws {
        try await WorkerBench.run { bench in
            let id = Int64(bench.simulator.add(.completed("target"), to: WorkerBench.key))
            let tag = try await bench.makeTag("kept")
            let rule = try await bench.postRule(action: "{\"type\":\"add_tag\",\"tagIds\":[\(tag)]}")
            #expect(await bench.poll().outcome == .evaluated(nextRuleDue: noon(1_800)))
            #expect(try await bench.states(rule) == [.observed])
            #expect(try await tags(bench, of: .torrent(id)) == [tag])
            bench.advance(1_800)
            await bench.poll()
            #expect(try await bench.states(rule) == [.observed])

            try await bench.postRule(action: "{\"type\":\"remove_tag\",\"tagIds\":[\(tag)]}", id: rule)
            await bench.poll()
            #expect(try await bench.states(rule) == [.observed, .observed])
            #expect(try await tags(bench, of: .torrent(id)).isEmpty)
            #expect(await bench.log(rule).count == 2)
            #expect(bench.changes.isEmpty)
        }
    }

    @Test("a saved rule is polled for at once, by the scheduler itself") func atOnce() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await bench.parts.scheduler.run { await bench.parts.poller.poll($0, due: $1, leaving: $2) }
                }
                try await bench.postRule(action: #"{"type":"delete"}"#)
                #expect(await eventually { bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty })
                await bench.parts.scheduler.waitUntilIdle { _ in true }
                #expect(await bench.parts.scheduler.due(of: bench.user) == noon(1_800))
                await bench.parts.scheduler.stop()
                try await group.waitForAll()
            }
            await bench.parts.scheduleWriter.flush()
            #expect(try await bench.parts.registry.user(bench.user)?.nextDue == noon(1_800))
        }
    }

    @Test("a batch above the blast radius is parked whole, and runs when the rule allows it") func parked() async throws
    {
        try await WorkerBench.run { bench in
            for number in 0..<12 { bench.simulator.add(.completed("target \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            #expect(try await bench.states(rule) == Array(repeating: .parked, count: 12))
            #expect(await bench.log(rule).first?["error_message"]?.stringValue?.contains("12 parked") == true)
            bench.simulator.add(.completed("target late"), to: WorkerBench.key)
            for _ in 0..<3 {
                bench.advance(1_800)
                await bench.poll()
            }
            #expect(try await bench.states(rule) == Array(repeating: .parked, count: 13))
            #expect(await bench.log(rule).count == 1)
            #expect(await bench.log(rule).first?["error_message"]?.stringValue?.contains("13 parked") == true)
            #expect(bench.changes.isEmpty)

            try await bench.postRule(action: #"{"type":"delete","maxItems":50}"#, id: rule)
            await bench.poll()
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty)
            #expect(bench.changes.count == 13)
            #expect(try await bench.states(rule).count { $0 == .dropped } == 13)
        }
    }

    @Test("protection bars deletion, and is asked again right before the call") func protection() async throws {
        try await WorkerBench.run { bench in
            let id = bench.simulator.add(.completed("target"), to: WorkerBench.key)
            try await bench.parts.users.write(bench.user) { db in
                try ProtectionRepository.set(db, ["\(id)"], isProtected: true, at: noon)
            }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            #expect(try await bench.states(rule) == [.skipped])
            #expect(await bench.log(rule).first?["error_message"] == .string("1 protected"))
            #expect(bench.changes.isEmpty)
        }
    }

    @Test("a protected download that is removed and added again is never deleted") func addedAgain() async throws {
        try await WorkerBench.run { bench in
            var target = SimulatedItem.completed("target")
            target.hash = "aaaa"
            let id = bench.simulator.add(target, to: WorkerBench.key)
            bench.simulator.add(.completed("other"), to: WorkerBench.key)
            try await bench.parts.users.write(bench.user) { db in
                try ProtectionRepository.set(db, ["\(id)"], isProtected: true, at: noon)
            }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            _ = bench.simulator.remove(.torrent, id, from: WorkerBench.key)
            let again = bench.simulator.add(target, to: WorkerBench.key)
            #expect(again != id)
            for _ in 0..<3 {
                bench.advance(1_800)
                await bench.poll()
            }
            #expect(bench.changes.isEmpty)
            #expect(Set(try await bench.states(rule)) == [.skipped])
            let numbers = try await bench.parts.users.read(bench.user) { try ProtectionRepository.numbers($0) }
            #expect(numbers == [Int64(id), Int64(again)])
        }
    }

    @Test("a confirmed deletion that never shows is logged once and never repeated") func overdue() async throws {
        try await WorkerBench.run { bench in
            let id = bench.simulator.add(.completed("target"), to: WorkerBench.key)
            let hash = bench.simulator.items(.torrent, of: WorkerBench.key).first?.hash
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            try await bench.parts.users.write(bench.user) { db in
                let sent = NewAction(
                    rule: RuleID(rule), ruleName: "rule", revision: 1, item: .torrent(Int64(id)), hash: hash,
                    action: "delete")
                let ids = try ActionRepository.insert(db, [sent], at: noon)
                #expect(try ActionRepository.markSent(db, ids, at: noon) == ids)
                for id in ids { try ActionRepository.finish(db, id, .acknowledged, at: noon) }
            }
            for _ in 0..<5 {
                await bench.poll()
                bench.advance(1_800)
            }
            #expect(bench.changes.isEmpty)
            #expect(try await bench.states(rule) == [.acknowledged])
            let messages = await bench.log(rule).compactMap { $0["error_message"]?.stringValue }
            #expect(messages.filter { $0 == "1 without effect: \(OverdueEffects.remark)" }.count == 1, "\(messages)")
        }
    }

    @Test("tags and protection follow a queued download into the list") func followsQueue() async throws {
        try await WorkerBench.run { bench in
            let queued = bench.simulator.add(SimulatedQueueItem("target"), to: WorkerBench.key)
            let tag = try await bench.makeTag("keep")
            _ = await bench.ask(
                Operation.changeDownloadTags, json: "{\"download_ids\":[\"\(queued)\"],\"tag_ids\":[\(tag)]}")
            try await bench.parts.users.write(bench.user) { db in
                try ProtectionRepository.set(db, ["\(queued)"], isProtected: true, at: noon)
            }
            let rule = try await bench.postRule(
                action: #"{"type":"delete"}"#,
                conditions: #"{"type":"STATUS","operator":"is_any_of","value":["downloading"]}"#)
            await bench.poll()
            let before = try await bench.tracked()[.queued(Int64(queued))]
            _ = await bench.parts.client.perform(
                .forceStart(.queued(Int64(queued))), for: try bench.parts.users.account(bench.user))
            bench.advance(1_800)
            await bench.poll()
            let listed = try #require(bench.simulator.items(.torrent, of: WorkerBench.key).first)
            #expect(try await bench.tracked()[.torrent(Int64(listed.id))]?.pk == before?.pk)
            #expect(try await tags(bench, of: .torrent(Int64(listed.id))) == [tag])
            #expect(try await bench.states(rule) == [.skipped])
        }
    }

    // MARK: Tools

    /// Polls three times and expects one change at TorBox, acknowledged first, observed then, with one log row.
    private func expectDoneOnce(_ bench: WorkerBench, _ rule: Int64, _ action: String) async throws {
        #expect(await bench.poll().outcome == .evaluated(nextRuleDue: noon(1_800)))
        #expect(try await bench.states(rule) == [.acknowledged])
        for _ in 0..<2 {
            bench.advance(1_800)
            await bench.poll()
            #expect(try await bench.states(rule) == [.observed])
        }
        #expect(bench.changes.count == 1)
        let log = await bench.log(rule)
        #expect(log.count == 1)
        #expect(log.first?["items_processed"] == .integer(1))
        #expect(log.first?["success"] == .integer(1))
        let items = log.first?["items"]?.arrayValue ?? []
        #expect(items.count == 1)
        #expect(items.first?["action"] == .string(action))
        #expect(items.first?["outcome"] == .string("observed"))
        #expect(items.first?["evidence"]?.stringValue?.isEmpty == false)
        #expect(try await bench.rule(rule)?.executionCount == 1)
    }

    private func tags(_ bench: WorkerBench, of item: ItemKey) async throws -> Set<Int64> {
        try await bench.parts.users.read(bench.user) { try TagRepository.assignments($0).tags(of: item) }
    }
}
