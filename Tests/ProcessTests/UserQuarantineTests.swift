import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// A user over whom the worker dies, and everybody else.
@Suite(.serialized) struct UserQuarantineTests {
    @Test(
        "two deaths while one user is polled quarantine that user, others are served and polled, a good poll lifts it")
    func twoDeaths() async throws {
        let fixture = try await Fixture.start(workers: 1, environment: ["USER_QUARANTINE_MS": "15000"])
        let victim = try await fixture.addUser(1, rows: [.seeding("doomed", ratio: 3)])
        let other = try await fixture.addUser(2, rows: [.seeding("doomed", ratio: 3)])
        fixture.simulator.inject(SimulatedFault(.delay(milliseconds: 5_000), account: victim, times: nil))
        let rule = RuleText.rule("delete above 2", action: "delete", conditions: RuleText.ratio(above: 2))
        try await fixture.saveRules([rule], key: victim)
        for _ in 1...2 { try await killOverPoll(of: victim, fixture) }

        let refused = try await eventually(within: .seconds(30)) {
            try await fixture.rest.rules(key: victim).status == 503
        }
        #expect(refused)
        let answer = try await fixture.rest.rules(key: victim)
        #expect(answer.json["code"]?.stringValue == "USER_QUARANTINED", "\(answer.body)")
        #expect(answer.headers["retry-after"].first.flatMap { Int($0) }.map { (1...15).contains($0) } == true)
        let shown = try await eventually {
            let status = try await OperatorCommand.status(of: fixture)
            return status["quarantined"]?.arrayValue?.first?["user"]?.stringValue
                == AuthID.of(victim).prefix(8).description
        }
        #expect(shown)
        let table = try await OperatorCommand.run("status", on: fixture).text
        #expect(table.contains("crash_in_poll") && table.contains("USERS.QUARANTINED"), "\(table)")
        #expect(fixture.service.lines.contains { $0.contains("user quarantined") })

        try await fixture.saveRules([rule], key: other)
        #expect(try await eventually(within: .seconds(40)) { fixture.simulator.items(.torrent, of: other).isEmpty })

        fixture.simulator.clearFaults()
        let lifted = try await eventually(within: .seconds(60)) {
            fixture.service.lines.contains { $0.contains("user quarantine lifted") }
        }
        #expect(lifted)
        #expect(try await fixture.rest.rules(key: victim).status == 200)
        #expect(try await eventually(within: .seconds(40)) { fixture.simulator.items(.torrent, of: victim).isEmpty })
        let (code, leftovers) = try await fixture.stop()
        #expect(code == 0)
        #expect(leftovers == [])
    }

    @Test("a damaged user file is quarantined while the service runs, and a restored one heals it without a restart")
    func damagedWhileRunning() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let key = try await fixture.addUser(1)
        let other = try await fixture.addUser(2)
        try await fixture.saveRules(
            [RuleText.rule("kept", action: "delete", conditions: RuleText.never, enabled: false)], key: key)
        #expect(try await fixture.service.stop() == 0)
        let file = fixture.directory.path + "/users/user_\(AuthID.of(key)).sqlite"
        let good = try Data(contentsOf: URL(fileURLWithPath: file))
        try Data(repeating: 0x5A, count: 50_000).write(to: URL(fileURLWithPath: file))

        let second = try ServiceProcess(
            binaries: Binaries.directory, environment: Fixture.settings(fixture.directory, fixture.simulator, 1))
        defer { second.killAll() }
        let rest = RESTClient(baseURL: try await second.baseURL())
        let answer = try await rest.rules(key: key)
        #expect(answer.status == 503)
        let again = try await rest.rules(key: key)
        #expect(again.status == 503)
        #expect(again.headers["retry-after"].isEmpty == false)
        #expect(again.json["code"]?.stringValue == "SQLITE_NOTADB")
        #expect(try await rest.rules(key: other).status == 200)
        try good.write(to: URL(fileURLWithPath: file))
        let healed = try await eventually(within: .seconds(40)) { try await rest.rules(key: key).status == 200 }
        #expect(healed)
        #expect(try await rest.rules(key: key).json["rules"]?.arrayValue?.count == 1)
        #expect(try await second.stop() == 0)
        await fixture.simulator.stop()
    }

    /// Kills the worker exactly while its breadcrumbs name this user's poll.
    private func killOverPoll(of key: String, _ fixture: Fixture) async throws {
        let mark = "p \(AuthID.of(key))"
        let directory = fixture.directory.path + "/run/crumbs"
        let isAtWork = try await eventually(within: .seconds(40)) {
            // The directory or a file may go while it is read.
            let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            return files.contains { name in
                FileManager.default.contents(atPath: "\(directory)/\(name)")
                    .map { String(decoding: $0, as: UTF8.self).contains(mark) } ?? false
            }
        }
        try #require(isAtWork, "no breadcrumb of the poll")
        let before = try FileManager.default.contentsOfDirectory(atPath: directory)
        let victim = try #require(fixture.service.children["worker 0"])
        kill(victim, SIGKILL)
        let restarted = try await eventually(within: .seconds(30)) {
            fixture.service.children["worker 0"].map { $0 != victim } ?? false
        }
        #expect(restarted)
        // The next life has read them, and taken the file away.
        let read = try await eventually(within: .seconds(30)) {
            let now = Set(try FileManager.default.contentsOfDirectory(atPath: directory))
            return now.count == 1 && now.isDisjoint(with: before)
        }
        #expect(read)
    }
}
