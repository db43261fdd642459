import DomainModel
import Foundation
import ServiceHarness
import Testing
import TorBoxSimulator

/// `supervisor backup`, with the service running and the real executables.
@Suite(.serialized) struct BackupTests {
    private func backup(_ fixture: Fixture, _ arguments: String...) async throws -> OperatorCommand.Outcome {
        try await OperatorCommand.run(["backup"] + arguments, dataDirectory: fixture.directory.path)
    }

    private func ruleCount(_ fixture: Fixture, _ key: String) async throws -> Int? {
        try await fixture.rest.rules(key: key).json["rules"]?.arrayValue?.count
    }

    private func names(_ fixture: Fixture) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(fixture.directory.path)/backups").sorted()
    }

    @Test("a backup made under load is sound, and everything in it comes back in a new data directory")
    func everything() async throws {
        let fixture = try await Fixture.start()
        var keys: [String] = []
        for number in 0..<12 { keys.append(try await fixture.addUser(number)) }
        let kept = try await fixture.addUser(500)
        let rule = RuleText.rule("kept", action: "delete", conditions: RuleText.never)
        try await fixture.saveRules([rule], key: kept)
        let (_, failures) = try await SteadyRequests.during(fixture, keys) { _ in
            let made = try await backup(fixture, "create")
            #expect(made.exitCode == 0, "\(made.text)")
        }
        #expect(failures == [])
        let name = try #require(try names(fixture).first)
        let list = try await backup(fixture, "list")
        #expect(list.text.contains("\(name)  14 files"), "13 users and the registry: \(list.text)")
        let verified = try await backup(fixture, "verify")
        #expect(verified.exitCode == 0 && verified.text.contains("\(name)  sound"), "\(verified.text)")
        let other = try TemporaryDirectory()
        let place = "\(other.path)/restored"
        let restored = try await backup(fixture, "restore", name, "--to", place)
        #expect(restored.exitCode == 0, "\(restored.text)")
        let again = try await backup(fixture, "restore", name, "--to", place)
        #expect(again.exitCode == 78 && again.text.contains("nothing is overwritten"), "\(again.text)")
        let path = fixture.directory.path
        try FileManager.default.copyItem(atPath: "\(path)/encryption.key", toPath: "\(place)/encryption.key")
        _ = try await fixture.stop()

        let second = try await Fixture.start(environment: ["DATA_DIR": place])
        #expect(try await ruleCount(second, kept) == 1)
        for key in keys { #expect(try await second.rest.rules(key: key).status == 200) }
        _ = try await second.stop()
    }

    @Test("one user's file comes back to its place when it is gone, and to no place where something is")
    func oneUser() async throws {
        let fixture = try await Fixture.start()
        let key = try await fixture.addUser(1)
        try await fixture.saveRules([RuleText.rule("r", action: "delete", conditions: RuleText.never)], key: key)
        let id = AuthID.of(key)
        let made = try await backup(fixture, "create", "--user", String(id.prefix(8)))
        #expect(made.exitCode == 0, "\(made.text)")
        let name = try #require(try names(fixture).first)
        let occupied = try await backup(fixture, "restore", name, "--user", id)
        #expect(occupied.exitCode == 78 && occupied.text.contains("nothing is overwritten"), "\(occupied.text)")
        #expect(try await fixture.service.stop() == 0)
        let file = "\(fixture.directory.path)/users/user_\(id).sqlite"
        try FileManager.default.removeItem(atPath: file)
        let restored = try await backup(fixture, "restore", name, "--user", String(id.prefix(8)))
        #expect(restored.exitCode == 0, "\(restored.text)")
        let second = try await Fixture.start(environment: ["DATA_DIR": fixture.directory.path])
        #expect(try await ruleCount(second, key) == 1)
        _ = try await second.stop()
        await fixture.simulator.stop()
    }

    @Test(
        "a copy that was altered is found, named and not restored; a damaged user keeps nobody else from being copied")
    func damage() async throws {
        let fixture = try await Fixture.start()
        let keys = [try await fixture.addUser(1), try await fixture.addUser(2)]
        #expect(try await fixture.service.stop() == 0)
        let path = fixture.directory.path
        let ids = keys.map(AuthID.of)
        try Data("this is no database, but long enough to be looked at".utf8).write(
            to: URL(fileURLWithPath: "\(path)/users/user_\(ids[0]).sqlite"))
        let made = try await backup(fixture, "create")
        #expect(made.exitCode == 65)
        #expect(made.text.contains("not copied: user_\(ids[0])"), "\(made.text)")
        let name = try #require(try names(fixture).first)
        let copy = "\(path)/backups/\(name)/user_\(ids[1]).sqlite"
        let handle = try #require(FileHandle(forUpdatingAtPath: copy))
        try handle.seek(toOffset: 5_000)
        try handle.write(contentsOf: Data([0x55, 0xaa]))
        try handle.close()
        let verified = try await backup(fixture, "verify", name)
        #expect(verified.exitCode == 65)
        #expect(verified.text.contains("user_\(ids[1]).sqlite has another checksum"), "\(verified.text)")
        let restored = try await backup(fixture, "restore", name, "--user", ids[1], "--to", "\(path)/elsewhere.sqlite")
        #expect(restored.exitCode == 65 && restored.text.contains("nothing was restored"), "\(restored.text)")
        #expect(!FileManager.default.fileExists(atPath: "\(path)/elsewhere.sqlite"))
        await fixture.simulator.stop()
    }
}
