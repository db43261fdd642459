import DomainModel
import Foundation
import ServiceHarness
import Testing
import TorBoxSimulator

/// A person has TorBox make a new API key: rules and history stay theirs, whichever worker the new key's hash points at.
@Suite(.serialized) struct NewKeyTests {
    private func names(_ fixture: Fixture, _ key: String) async throws -> [String] {
        (try await fixture.rest.rules(key: key).json["rules"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }

    @Test("a new key of a known account is the same user, over restarts too, and the old key lets nobody in")
    func newKey() async throws {
        let fixture = try await Fixture.start(workers: 3)
        // Keys whose hashes fall into slots of different workers, one of them the user's own.
        let keys = (0..<6).map { Fixture.key(7_000 + $0) }
        try await fixture.addUser(7_000)
        let rule = RuleText.rule("delete above 2", action: "delete", conditions: RuleText.ratio(above: 2))
        let ids = try await fixture.saveRules([rule], key: keys[0])
        for (old, new) in zip(keys, keys.dropFirst()) {
            #expect(fixture.simulator.changeKey(of: old, to: new))
            let answer = try await fixture.rest.register(new)
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer.json["authId"]?.stringValue == AuthID.of(new))
            let rules = try await fixture.rest.rules(key: new)
            #expect(rules.json["rules"]?.arrayValue?.compactMap { $0["id"]?.integerValue } == ids, "\(rules.body)")
            #expect(try await [403, 404].contains(fixture.rest.rules(key: old).status))
            #expect(try await fixture.rest.register(old).status == 400, "TorBox refuses it")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(fixture.directory.path)/users")
        #expect(
            files.filter { $0.hasSuffix(".sqlite") } == ["user_\(AuthID.of(keys[0])).sqlite"], "nobody else was made")
        for worker in 0..<3 { kill(try #require(fixture.service.children["worker \(worker)"]), SIGKILL) }
        let newest = try #require(keys.last)
        #expect(try await names(fixture, newest) == ["delete above 2"])
        fixture.simulator.add(.seeding("doomed", ratio: 3), to: newest)
        try await fixture.saveRules(
            [RuleText.rule("now", action: "delete", conditions: RuleText.ratio(above: 2))], key: newest)
        let isDone = try await eventually(within: .seconds(30)) {
            fixture.simulator.items(.torrent, of: newest).isEmpty
        }
        #expect(isDone, "polled with the new key")
        #expect(try await fixture.stop().exitCode == 0)
    }
}
