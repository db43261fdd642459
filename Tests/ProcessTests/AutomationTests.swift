import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// The main job over real HTTP and real processes.
@Suite(.serialized) struct AutomationTests {
    @Test("a saved rule is evaluated against a fresh list within 5 s, and its log tells what was done and why")
    func savedRuleIsEvaluated() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let rows = [SimulatedItem.seeding("Harbour.2019", ratio: 2.5), SimulatedItem.seeding("Meadow.2020", ratio: 1)]
        let key = try await fixture.addUser(1, rows: rows)
        let began = ContinuousClock.now
        let ids = try await fixture.saveRules(
            [RuleText.rule("stop above 2", action: "stop_seeding", conditions: RuleText.ratio(above: 2))], key: key)
        let isDone = try await eventually(within: .seconds(5)) { fixture.controlCalls(key: key).count == 1 }
        #expect(isDone)
        #expect(began.duration(to: .now) < .seconds(5))
        #expect(fixture.controlCalls(key: key).first?.body.contains("stop_seeding") == true)

        let id = try #require(ids.first)
        var logs: [JSONValue] = []
        let isLogged = try await eventually {
            logs = try await fixture.rest.logs(rule: id, key: key).json["logs"]?.arrayValue ?? []
            return !logs.isEmpty
        }
        #expect(isLogged)
        #expect(logs.first?["items_processed"]?.integerValue == 1)
        #expect(logs.first?["success"]?.integerValue == 1)
        let item = logs.first?["items"]?.arrayValue?.first
        #expect(item?["name"]?.stringValue == "Harbour.2019")
        #expect(item?["evidence"]?.stringValue?.contains("RATIO 2.5 > 2") == true)
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("usenet and web downloads are automated by scheduled polls too, and an archive row follows the deletion")
    func allKinds() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let rows = [
            SimulatedItem.completed("news", kind: .usenet), SimulatedItem.completed("page", kind: .webDownload),
            SimulatedItem.completed("concert"),
        ]
        let key = try await fixture.addUser(1, rows: rows)
        try await fixture.saveRules(
            [
                RuleText.rule("u", action: "delete", conditions: RuleText.name(contains: "news"), asset: "usenet"),
                RuleText.rule("w", action: "delete", conditions: RuleText.name(contains: "page"), asset: "webdl"),
                RuleText.rule("a", action: "archive", conditions: RuleText.name(contains: "concert")),
            ], key: key)
        let isGone = try await eventually {
            [.usenet, .webDownload, .torrent].allSatisfy { fixture.simulator.items($0, of: key).isEmpty }
        }
        #expect(isGone)
        let isArchived = try await eventually {
            let archived = try await fixture.rest.send(.GET, "/api/archived-downloads", key: key)
            return archived.json["data"]?.arrayValue?.first?["name"]?.stringValue == "concert"
        }
        #expect(isArchived)
        #expect(fixture.controlCalls(key: key).count == 3)
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("a disabled rule does nothing, and switching it on makes it run at once")
    func switchingOn() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let key = try await fixture.addUser(1, rows: [.seeding("Harbour", ratio: 3)])
        let ids = try await fixture.saveRules(
            [
                RuleText.rule(
                    "off", action: "stop_seeding", conditions: RuleText.ratio(above: 2), enabled: false)
            ], key: key)
        #expect(fixture.controlCalls(key: key).isEmpty)
        let id = try #require(ids.first)
        let answer = try await fixture.rest.send(
            .PUT, "/api/automation/rules/\(id)", key: key, json: #"{"enabled":true}"#)
        #expect(answer.status == 200)
        #expect(try await eventually(within: .seconds(5)) { fixture.controlCalls(key: key).count == 1 })
        #expect(try await fixture.stop().exitCode == 0)
    }
}
