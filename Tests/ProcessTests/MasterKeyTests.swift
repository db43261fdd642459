import DomainModel
import Foundation
import ServiceHarness
import Testing
import TorBoxSimulator

/// A new master key while the service runs, and a master key that opens nothing.
@Suite(.serialized) struct MasterKeyTests {
    private func run(_ arguments: [String], _ fixture: Fixture, _ environment: [String: String] = [:]) async throws
        -> OperatorCommand.Outcome
    {
        try await OperatorCommand.run(
            arguments, dataDirectory: fixture.directory.path, environment: environment)
    }

    @Test(
        "rotating the key under load fails no request; afterwards the service reads everything with the new key alone")
    func rotate() async throws {
        let fixture = try await Fixture.start()
        var keys: [String] = []
        for number in 0..<20 { keys.append(try await fixture.addUser(number)) }
        let path = fixture.directory.path
        let old = try String(contentsOfFile: "\(path)/encryption.key", encoding: .utf8)
        let (answers, failures) = try await SteadyRequests.during(fixture, keys) { _ in
            let outcome = try await run(["rotate-key"], fixture)
            #expect(outcome.exitCode == 0, "\(outcome.text)")
            #expect(outcome.text.contains("20 stored keys: 20 re-encrypted, 0 unreadable"), "\(outcome.text)")
        }
        #expect(answers > 0)
        #expect(failures == [])
        #expect(try String(contentsOfFile: "\(path)/encryption.key", encoding: .utf8) != old)
        let files = try FileManager.default.contentsOfDirectory(atPath: path)
        let retired = files.filter { $0.hasPrefix("encryption.key.") }
        #expect(retired.count == 1 && retired.allSatisfy { $0.hasPrefix("encryption.key.retired-") }, "\(retired)")
        // Everything is read anew, without the old key.
        try FileManager.default.removeItem(atPath: "\(path)/\(try #require(retired.first))")
        for name in ["worker 0", "worker 1"] { kill(try #require(fixture.service.children[name]), SIGKILL) }
        let doomed = try await fixture.addUser(100, rows: [.seeding("doomed", ratio: 3)])
        fixture.simulator.add(.seeding("doomed", ratio: 3), to: keys[0])
        let rule = RuleText.rule("delete above 2", action: "delete", conditions: RuleText.ratio(above: 2))
        for key in [keys[0], doomed] { try await fixture.saveRules([rule], key: key) }
        let isDone = try await eventually(within: .seconds(30)) {
            [keys[0], doomed].allSatisfy { fixture.simulator.items(.torrent, of: $0).isEmpty }
        }
        #expect(isDone, "keys from before and after are both good")
        // The killed workers left journals beside files that nobody has opened since; that is no leftover of the rotation.
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("with a key that opens nothing nothing starts and nothing is rotated, and the user who was tried is named")
    func wrongKey() async throws {
        let fixture = try await Fixture.start()
        let user = AuthID.of(try await fixture.addUser(1))
        _ = try await fixture.stop()
        let wrong = ["ENCRYPTION_KEY": String(repeating: "5a", count: 32)]
        let attempts = [
            try await run(["run"], fixture, wrong),
            try await run(
                ["rotate-key"], fixture, wrong.merging(["ENCRYPTION_KEY_PREVIOUS": "0123456789abcdef"]) { $1 }),
        ]
        for attempt in attempts {
            #expect(attempt.exitCode == 78)
            #expect(attempt.text.contains("stored API key of user \(user.prefix(8))"), "\(attempt.text)")
        }
    }
}
