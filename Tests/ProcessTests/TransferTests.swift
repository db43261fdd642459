import DomainModel
import Foundation
import ServiceHarness
import Testing
import TorBoxSimulator

/// `supervisor export-user` and `import-user`, between two services with the real executables.
@Suite(.serialized) struct TransferTests {
    private func run(_ directory: TemporaryDirectory, _ arguments: String...) async throws -> OperatorCommand.Outcome {
        try await OperatorCommand.run(arguments, dataDirectory: directory.path)
    }

    private func names(_ fixture: Fixture, _ key: String) async throws -> [String] {
        (try await fixture.rest.rules(key: key).json["rules"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }

    @Test("a user moves to a running service of the same master key and is acted for without registering again")
    func sameKey() async throws {
        let (from, to) = (try await Fixture.start(workers: 1), try await Fixture.start(workers: 1))
        // The same key in both, as one operator with two machines has it.
        try await withSharedKey(from, to) { new in
            let key = try await from.addUser(7)
            let rule = RuleText.rule("delete above 2", action: "delete", conditions: RuleText.ratio(above: 2))
            try await from.saveRules([rule], key: key)
            let file = "\(from.directory.path)/exported.sqlite"
            let id = AuthID.of(key)
            let exported = try await run(from.directory, "export-user", String(id.prefix(8)), "--to", file)
            #expect(exported.exitCode == 0, "\(exported.text)")
            #expect(
                try await run(from.directory, "export-user", id, "--to", file).exitCode == 78, "nothing is overwritten")

            new.simulator.addAccount(key)
            new.simulator.add(.seeding("doomed", ratio: 3), to: key)
            let imported = try await run(to.directory, "import-user", file)
            #expect(
                imported.exitCode == 0 && imported.text.contains("user \(id.prefix(8)) imported"), "\(imported.text)")
            #expect(try await names(new, key) == ["delete above 2"])
            // The imported rule is due half an hour after its last evaluation, wherever that was; a changed one is due now.
            let changed = RuleText.rule("delete above 1", action: "delete", conditions: RuleText.ratio(above: 1))
            try await new.saveRules([changed], key: key)
            let isDone = try await eventually(within: .seconds(60)) { new.simulator.items(.torrent, of: key).isEmpty }
            #expect(isDone, "polled with the imported API key")
            let again = try await run(to.directory, "import-user", file)
            #expect(again.exitCode == 78 && again.text.contains("nothing is overwritten"), "\(again.text)")
        }
    }

    @Test("under another master key the rules come along, and the user brings the API key by registering")
    func otherKey() async throws {
        let (from, to) = (try await Fixture.start(workers: 1), try await Fixture.start(workers: 1))
        let key = try await from.addUser(8)
        try await from.saveRules([RuleText.rule("kept", action: "delete", conditions: RuleText.never)], key: key)
        let file = "\(from.directory.path)/exported.sqlite"
        let exported = try await run(from.directory, "export-user", AuthID.of(key), "--to", file)
        #expect(exported.exitCode == 0, "\(exported.text)")
        let imported = try await run(to.directory, "import-user", file)
        #expect(imported.exitCode == 0 && imported.text.contains("without an API key"), "\(imported.text)")
        #expect(try await to.rest.rules(key: key).status == 404)
        try await to.addUser(8)
        #expect(try await names(to, key) == ["kept"])
        let damaged = "\(from.directory.path)/other.sqlite"
        try Data("no export".utf8).write(to: URL(fileURLWithPath: damaged))
        #expect(try await run(to.directory, "import-user", damaged).exitCode == 78)
        for fixture in [from, to] { #expect(try await fixture.stop().exitCode == 0) }
    }

    private func withSharedKey(_ from: Fixture, _ to: Fixture, _ body: (Fixture) async throws -> Void) async throws {
        #expect(try await to.service.stop() == 0)
        let (source, target) = ("\(from.directory.path)/encryption.key", "\(to.directory.path)/encryption.key")
        try FileManager.default.removeItem(atPath: target)
        try FileManager.default.copyItem(atPath: source, toPath: target)
        let restarted = try await Fixture.start(workers: 1, environment: ["DATA_DIR": to.directory.path])
        try await body(restarted)
        await to.simulator.stop()
        for fixture in [from, restarted] { #expect(try await fixture.service.stop() == 0) }
        for fixture in [from, restarted] { await fixture.simulator.stop() }
    }
}
