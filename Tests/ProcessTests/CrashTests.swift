import DomainModel
import Foundation
import ServiceHarness
import Synchronization
import Testing
import TorBoxSimulator

/// Two workers, 200 users, and one worker killed in the middle of its polls.
@Suite(.serialized) struct CrashTests {
    static let users = 200
    /// Items of each user that a rule deletes.
    static let doomed = 3

    @Test("kill -9 of a worker: others go on, its users answer again, no write is lost, nothing is deleted twice")
    func killedWorker() async throws {
        let fixture = try await Fixture.start()
        let keys = try await register(fixture)
        // Slow answers, so that the kill falls into the middle of fetches and actions.
        fixture.simulator.inject(SimulatedFault(.delay(milliseconds: 30), times: nil))
        let rules = try await saveRules(fixture, keys)
        let (victims, others) = try split(keys)
        let victim = try #require(fixture.service.children["worker 0"])

        async let steady = failures(fixture, others, during: .seconds(4))
        kill(victim, SIGKILL)
        // Held by the gateway until the next worker has it.
        let answer = try await fixture.rest.rules(key: victims[0])
        #expect(answer.status == 200, "\(answer.body)")
        #expect(try await steady == 0)

        fixture.simulator.clearFaults()
        try await expectRules(fixture, rules)
        let everythingDone = try await eventually(within: .seconds(90)) {
            keys.allSatisfy { key in
                !fixture.simulator.items(.torrent, of: key).contains { $0.name.hasPrefix("doomed") }
            }
        }
        #expect(everythingDone)
        try expectSingleDeletes(fixture)
        #expect(keys.allSatisfy { fixture.simulator.items(.torrent, of: $0).count == 2 })
        let (code, leftovers) = try await fixture.stop()
        #expect(code == 0)
        #expect(leftovers == [])
    }

    private func register(_ fixture: Fixture) async throws -> [String] {
        try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<Self.users {
                group.addTask {
                    let doomed = (0..<Self.doomed).map { SimulatedItem.seeding("doomed \($0)", ratio: 3) }
                    let kept = (0..<2).map { SimulatedItem.seeding("kept \($0)", ratio: 0.5) }
                    return try await fixture.addUser(number, rows: doomed + kept)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Everybody's acknowledged rules by key.
    private func saveRules(_ fixture: Fixture, _ keys: [String]) async throws -> [String: [Int64]] {
        let rule = RuleText.rule("delete above 2", action: "delete", conditions: RuleText.ratio(above: 2))
        return try await withThrowingTaskGroup(of: (String, [Int64]).self) { group in
            for key in keys {
                group.addTask { (key, try await fixture.saveRules([rule], key: key)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Users of worker 0 (slots 00 to 7f) and of worker 1.
    private func split(_ keys: [String]) throws -> (victims: [String], others: [String]) {
        let victims = keys.filter { AuthID.of($0).first.map { "01234567".contains($0) } ?? false }
        let others = keys.filter { !victims.contains($0) }
        try #require(!victims.isEmpty && !others.isEmpty)
        return (victims, others)
    }

    /// How many requests for users of the living worker fail meanwhile.
    private func failures(_ fixture: Fixture, _ keys: [String], during time: Duration) async throws -> Int {
        let end = ContinuousClock.now.advanced(by: time)
        var (index, failures) = (0, 0)
        while ContinuousClock.now < end {
            let answer = try? await fixture.rest.rules(key: keys[index % keys.count])
            if answer?.status != 200 { failures += 1 }
            index += 1
        }
        return failures
    }

    private func expectRules(_ fixture: Fixture, _ rules: [String: [Int64]]) async throws {
        for (key, ids) in rules {
            let answer = try await fixture.rest.rules(key: key)
            #expect(answer.json["rules"]?.arrayValue?.compactMap { $0["id"]?.integerValue } == ids)
        }
    }

    /// One delete for each item; another only when TorBox did not apply the first.
    private func expectSingleDeletes(_ fixture: Fixture) throws {
        let calls = Dictionary(grouping: fixture.controlCalls()) { "\($0.account ?? "") \($0.body)" }
        for (call, records) in calls {
            #expect(records.count(where: \.appliedEffect) <= 1, "applied more than once: \(call)")
            #expect(records.dropLast().allSatisfy { !$0.appliedEffect }, "repeated after it was applied: \(call)")
        }
        #expect(calls.count == Self.users * Self.doomed)
    }
}
