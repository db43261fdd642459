import DomainModel
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// Parked batches from the poll that parks them to the person who decides, over the requests of the REST contract.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ParkedPollTests {
    @Test("a batch is listed with all that a person needs to decide") func list() async throws {
        try await withParked(12) { bench, rule in
            let batches = await bench.parked()
            #expect(batches.count == 1)
            let batch = try #require(batches.first)
            #expect(batch["rule_id"] == .integer(rule) && batch["rule_name"] == .string("r"))
            let revision = try await bench.rule(rule)?.revision
            #expect(batch["rule_revision"]?.integerValue == revision)
            #expect(batch["action"] == .string("delete") && batch["reason"] == .string("limit"))
            #expect(batch["limit"] == .integer(10) && batch["library_size"] == .integer(12))
            #expect(batch["status"] == .string("open") && batch["item_count"] == .integer(12))
            #expect(batch["created_at"] == .string(noon.iso8601) && batch["decided_at"] == .null)
            let item = try #require(batch["items"]?.arrayValue?.first)
            #expect(item["asset_type"] == .string("torrent") && item["queued"] == .bool(false))
            #expect(item["download_id"]?.stringValue?.isEmpty == false && item["hash"]?.stringValue?.isEmpty == false)
            #expect(item["name"]?.stringValue?.hasPrefix("target") == true)
            #expect(item["evidence"]?.stringValue?.contains("NAME") == true)
            #expect(bench.parts.parking.openBatches { _ in true } == 1)
        }
    }

    @Test("an approved batch is carried out by the next poll, through the journal, and is told in the log")
    func approve() async throws {
        try await withParked(12) { bench, rule in
            let answer = try await decide(bench, Operation.approveParked)
            #expect(answer.status == 200 && answer["batch"]?["status"] == .string("approved"))
            #expect(bench.changes.isEmpty, "the request itself does nothing")
            #expect(await bench.parts.scheduler.due(of: bench.user) == bench.now.value)
            await bench.poll()
            #expect(bench.changes.count == 12)
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty)
            #expect(await bench.parked().isEmpty)
            #expect(bench.parts.parking.openBatches { _ in true } == 0)
            let messages = await bench.log(rule).map { $0["error_message"]?.stringValue }
            #expect(messages.count == 3)
            #expect(messages[0] == nil, "a plain success")
            #expect(messages[1] == "12 parked items approved by the user")
            #expect(messages[2]?.contains("12 parked") == true)
            #expect(await bench.log(rule).first?["items_processed"] == .integer(12))
        }
    }

    @Test("deciding twice is answered like the first time, deciding otherwise is refused") func twice() async throws {
        for (first, second, code) in [
            (Operation.approveParked, Operation.rejectParked, "ALREADY_APPROVED"),
            (Operation.rejectParked, Operation.approveParked, "ALREADY_REJECTED"),
        ] {
            try await withParked(12) { bench, rule in
                let id = try await batchID(bench)
                for _ in 0..<2 { #expect(await bench.ask(first, ["id": "\(id)"]).status == 200) }
                let refused = await bench.ask(second, ["id": "\(id)"])
                #expect(refused.status == 409 && refused["code"] == .string(code))
                await bench.poll()
                #expect(await bench.ask(first, ["id": "\(id)"]).status == 200, "also when all is over")
                #expect(bench.changes.count == (first == Operation.approveParked ? 12 : 0))
                #expect(
                    await bench.log(rule).count { $0["error_message"]?.stringValue?.contains("by the user") == true }
                        == 1)
            }
        }
    }

    @Test("a batch that does not exist is not found, and an id that is none is refused") func noSuchBatch()
        async throws
    {
        try await WorkerBench.run { bench in
            for operation in [Operation.approveParked, Operation.rejectParked] {
                #expect(await bench.ask(operation, ["id": "77"]).status == 404)
                #expect(await bench.ask(operation, ["id": "x"]).status == 400)
            }
            #expect(await bench.parked().isEmpty)
        }
    }

    @Test("a rejected batch is not parked again, nor is its rule let loose on what comes later") func reject()
        async throws
    {
        try await withParked(12) { bench, rule in
            #expect(try await decide(bench, Operation.rejectParked).status == 200)
            for _ in 0..<3 {
                bench.advance(1_800)
                await bench.poll()
            }
            #expect(await bench.parked().isEmpty)
            #expect(await bench.log(rule).count == 2)
            bench.simulator.add(.completed("target late"), to: WorkerBench.key)
            bench.advance(1_800)
            await bench.poll()
            #expect(await bench.parked().map { $0["item_count"] } == [.integer(1)])
            #expect(bench.changes.isEmpty)
            // The rule is another now: what was refused of the old one counts no longer.
            try await bench.postRule(action: #"{"type":"delete","maxItems":12}"#, id: rule)
            await bench.poll()
            #expect(await bench.parked().map { $0["item_count"] } == [.integer(13)])
        }
    }

    @Test("a rejected item that stops matching and matches again is asked about again") func matchesAnew() async throws
    {
        try await withParked(12) { bench, _ in
            let answer = try await decide(bench, Operation.rejectParked)
            #expect(answer.status == 200)
            let ids = bench.simulator.items(.torrent, of: WorkerBench.key).map(\.id)
            for name in ["other", "target again"] {
                for id in ids { bench.simulator.change(.torrent, id, of: WorkerBench.key) { $0.name = name } }
                bench.advance(1_800)
                await bench.poll()
            }
            #expect(await bench.parked().map { $0["item_count"] } == [.integer(12)])
            #expect(bench.changes.isEmpty)
        }
    }

    @Test("editing, switching off or deleting the rule drops its batch", arguments: 0..<3) func ruleChanged(how: Int)
        async throws
    {
        try await withParked(12) { bench, rule in
            let id = try await batchID(bench)
            if how == 1 { #expect(await bench.ask(Operation.approveParked, ["id": "\(id)"]).status == 200) }
            switch how {
            case 0: try await bench.postRule(action: #"{"type":"add_airlock"}"#, id: rule)
            case 1: _ = await bench.ask(Operation.setRuleEnabled, ["id": "\(rule)"], json: #"{"enabled":false}"#)
            default: _ = await bench.ask(Operation.deleteRule, ["id": "\(rule)"])
            }
            #expect(await bench.parked().isEmpty)
            #expect(await bench.ask(Operation.approveParked, ["id": "\(id)"]).status == 409)
            await bench.poll()
            #expect(!bench.changes.contains { $0.body.contains("delete") })
        }
    }

    @Test("what changed since the batch was parked is left alone with the reason, and the rest is done")
    func changedSince() async throws {
        try await withParked(14) { bench, rule in
            let ids = bench.simulator.items(.torrent, of: WorkerBench.key).map(\.id)
            bench.simulator.remove(.torrent, ids[0], from: WorkerBench.key)
            bench.simulator.change(.torrent, ids[1], of: WorkerBench.key) { $0.name = "kept" }
            bench.simulator.change(.torrent, ids[2], of: WorkerBench.key) {
                $0.hash = String(repeating: "0", count: 40)
            }
            bench.simulator.change(.torrent, ids[3], of: WorkerBench.key) { $0.airlocked = true }
            bench.simulator.change(.torrent, ids[4], of: WorkerBench.key) { $0.downloadState = "quantum flux" }
            try await bench.parts.users.write(bench.user) { db in
                try ProtectionRepository.set(db, ["\(ids[5])"], isProtected: true, at: noon)
            }
            bench.advance(60)
            #expect(try await decide(bench, Operation.approveParked).status == 200)
            await bench.poll()
            #expect(bench.changes.count == 9, "the eight that stayed as they were, and one new match within the limit")
            let touched = Set(ids[1...5]).subtracting([ids[2]])
            let left = Set(bench.simulator.items(.torrent, of: WorkerBench.key).map(\.id))
            #expect(left == touched)
            let told = await bench.log(rule).first { $0["error_message"]?.stringValue?.contains("left alone") == true }
            let reasons = Set((told?["items"]?.arrayValue ?? []).compactMap { $0["detail"]?.stringValue })
            #expect(
                reasons == [
                    "no longer there", "no longer matches", "another download has its number now",
                    "airlocked at TorBox", "it cannot be told whether it still matches", "protected by the user",
                ])
            #expect(await bench.parked().isEmpty)
        }
    }

    @Test("an approval outlives an outage, a crash before the calls, and a limit in their midst") func approvalLasts()
        async throws
    {
        try await withParked(12) { bench, rule in
            #expect(try await decide(bench, Operation.approveParked).status == 200)
            bench.simulator.inject(SimulatedFault(.status(502), endpoints: [.torrentList]))
            #expect(await bench.poll().outcome == .outage)
            // As a process leaves it that died between the commit and the calls.
            let row = try #require(try await bench.rule(rule))
            let item = bench.simulator.items(.torrent, of: WorkerBench.key)[0]
            try await bench.parts.users.write(bench.user) { db in
                let planned = NewAction(
                    rule: row.id, ruleName: row.name, revision: row.revision, item: .torrent(Int64(item.id)),
                    hash: item.hash, action: "delete")
                _ = try ActionRepository.insert(db, [planned], at: noon)
            }
            bench.simulator.inject(
                SimulatedFault(.rateLimited(retryAfterSeconds: 1), endpoints: [.torrentControl], skipping: 5))
            #expect(await bench.poll().outcome == .rateLimited(retryAfter: .seconds(1)))
            #expect(await bench.parked().map { $0["status"] } == [.string("approved")])
            bench.advance(60)
            await bench.poll()
            #expect(bench.simulator.items(.torrent, of: WorkerBench.key).isEmpty)
            #expect(await bench.parked().isEmpty)
        }
    }

    @Test("items that stop matching leave an open batch, and the last one closes it") func shrinks() async throws {
        try await withParked(12) { bench, rule in
            let ids = bench.simulator.items(.torrent, of: WorkerBench.key).map(\.id)
            for (names, count) in [(Array(ids.prefix(5)), 7), (ids, 0)] {
                for id in names { bench.simulator.change(.torrent, id, of: WorkerBench.key) { $0.name = "kept" } }
                bench.advance(1_800)
                await bench.poll()
                #expect(await bench.parked().map { $0["item_count"] } == (count == 0 ? [] : [.integer(Int64(count))]))
            }
            #expect(bench.changes.isEmpty)
            #expect(await bench.log(rule).count == 1)
        }
    }

    // MARK: Tools

    /// A rule that matches `count` items, too many for one run.
    private func withParked(_ count: Int, _ body: (WorkerBench, Int64) async throws -> Void) async throws {
        try await WorkerBench.run { bench in
            for number in 0..<count { bench.simulator.add(.completed("target \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.poll()
            try await body(bench, rule)
        }
    }

    private func batchID(_ bench: WorkerBench) async throws -> Int64 {
        try #require(await bench.parked().first?["id"]?.integerValue)
    }

    private func decide(_ bench: WorkerBench, _ operation: String) async throws -> WorkerBench.Answer {
        await bench.ask(operation, ["id": "\(try await batchID(bench))"])
    }
}
