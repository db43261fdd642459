import DomainModel
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceHarness
import Testing
import TorBoxSimulator

/// Bad input over real HTTP: a clear error in the stated form, that request or user alone affected.
@Suite(.serialized) struct BadInputTests {
    /// Every error has this form.
    private func expectError(_ answer: RESTClient.Answer, _ status: Int, _ what: Comment) {
        #expect(answer.status == status, what)
        #expect(answer.json["success"]?.boolValue == false, what)
        #expect(answer.json["error"]?.stringValue?.isEmpty == false, what)
        #expect(answer.headers["x-correlation-id"].first?.count == 8, what)
    }

    @Test("broken JSON, wrong types, odd ids, unknown routes and methods are answered in the stated form")
    func clearErrors() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let key = try await fixture.addUser(1)
        let rest = fixture.rest
        let rules = "/api/automation/rules"
        expectError(try await rest.send(.POST, rules, key: key, json: #"{"rules":["#), 400, "broken JSON")
        expectError(try await rest.send(.POST, rules, key: key, json: "[1]"), 400, "no object")
        expectError(try await rest.send(.POST, rules, key: key, json: "{}"), 400, "no rules")
        expectError(try await rest.send(.POST, rules, key: key, json: #"{"rules":{"a":1}}"#), 400, "rules no list")
        expectError(try await rest.send(.POST, rules, key: key, json: #"{"rules":[7]}"#), 400, "a rule no object")
        expectError(try await rest.send(.PUT, rules + "/1", key: key, json: "{}"), 400, "enabled missing")
        expectError(try await rest.send(.PUT, rules + "/1", key: key, json: #"{"enabled":"yes"}"#), 400, "enabled text")
        for id in ["abc", "-1", "0", "x12", "99999999999999999999", "%00", "%F0%9F%8C%8A"] {
            expectError(try await rest.send(.DELETE, "\(rules)/\(id)", key: key), 400, "id \(id)")
        }
        expectError(try await rest.send(.GET, "/api/nothing", key: key), 404, "unknown route")
        expectError(try await rest.send(.PATCH, rules, key: key), 404, "unknown method")
        expectError(try await rest.send(.GET, rules), 401, "no key")
        expectError(try await rest.send(.GET, rules, key: "short"), 400, "short key")
        expectError(try await rest.send(.GET, rules, key: "key with spaces and ünïcode"), 400, "odd key")
        expectError(try await rest.send(.GET, rules, key: "unknown-key-unknown-key"), 404, "unknown user")
        expectError(try await rest.register("nobody-knows-this-key-00"), 400, "a key that TorBox refuses")
        let archive = "/api/archived-downloads"
        expectError(try await rest.send(.POST, archive, key: key, json: #"{"hash":"x"}"#), 400, "archive without id")
        #expect(try await rest.rules(key: key).status == 200)
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("a body of 11 MiB is refused with 413, and a legal large one is taken")
    func bodyLimit() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let key = try await fixture.addUser(1)
        let padding = String(repeating: "x", count: 11 << 20)
        let answer = try await fixture.rest.send(
            .POST, "/api/automation/rules", key: key, json: #"{"rules":[],"x":"\#(padding)"}"#)
        expectError(answer, 413, "11 MiB")
        let legal = String(repeating: "x", count: 9 << 20)
        let taken = try await fixture.rest.send(
            .POST, "/api/automation/rules", key: key, json: #"{"rules":[],"x":"\#(legal)"}"#)
        #expect(taken.status == 200)
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("500 idle connections disturb nobody")
    func idleConnections() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let key = try await fixture.addUser(1)
        let port = try #require(fixture.rest.baseURL.split(separator: ":").last.flatMap { Int($0) })
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        var idle: [any Channel] = []
        for _ in 0..<500 { idle.append(try await bootstrap.connect(host: "127.0.0.1", port: port).get()) }
        for _ in 0..<20 { #expect(try await fixture.rest.rules(key: key).status == 200) }
        for channel in idle { try? await channel.close() }  // The service may have closed it first.
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("a user file that is no database hides that user alone, and is kept as it is")
    func damagedFile() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let (healthy, damaged) = (try await fixture.addUser(1), try await fixture.addUser(2))
        #expect(try await fixture.service.stop() == 0)
        let file = fixture.directory.path + "/users/user_\(AuthID.of(damaged)).sqlite"
        let garbage = Data(repeating: 0x5A, count: 50_000)
        try garbage.write(to: URL(fileURLWithPath: file))

        let settings = Fixture.settings(fixture.directory, fixture.simulator, 1)
        let second = try ServiceProcess(binaries: Binaries.directory, environment: settings)
        defer { second.killAll() }
        let rest = RESTClient(baseURL: try await second.baseURL())
        expectError(try await rest.rules(key: damaged), 503, "the damaged user")
        #expect(try await rest.rules(key: damaged).json["code"]?.stringValue == "SQLITE_NOTADB")
        #expect(try await rest.rules(key: healthy).status == 200)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == garbage)
        #expect(try await second.stop() == 0)
    }

    @Test(
        "a full disk refuses writes with a clear error, keeps what was acknowledged, and goes on afterwards",
        .enabled(if: geteuid() == 0, "a file system of its own needs root"))
    func fullDisk() async throws {
        let disk = try SmallDisk(mebibytes: 24)
        let simulator = try await TorBoxSimulator.start()
        var settings = Fixture.settings(try TemporaryDirectory(), simulator, 1)
        settings["DATA_DIR"] = disk.path
        let service = try ServiceProcess(binaries: Binaries.directory, environment: settings)
        defer { service.killAll() }
        let rest = RESTClient(baseURL: try await service.baseURL())
        let key = Fixture.key(1)
        simulator.addAccount(key)
        #expect(try await rest.register(key).status == 200)
        let rule = RuleText.rule("kept", action: "delete", conditions: RuleText.never, enabled: false)
        #expect(try await rest.saveRules([rule], key: key).status == 200)

        try disk.fill()
        let large = RuleText.rule(
            String(repeating: "n", count: 200_000), action: "delete", conditions: RuleText.never, enabled: false)
        expectError(try await rest.saveRules([large], key: key), 503, "the disk is full")
        #expect(try await rest.rules(key: key).json["rules"]?.arrayValue?.count == 1)
        #expect(try await rest.send(.GET, "/health").status == 200)

        disk.free()
        #expect(try await rest.saveRules([rule, rule], key: key).status == 200)
        #expect(try await service.stop() == 0)
        await simulator.stop()
    }
}

/// A file system of its own that can be filled, in memory. Needs to be root, as CI is.
final class SmallDisk {
    struct CannotMount: Error, CustomStringConvertible { var description: String }

    private let directory: TemporaryDirectory
    private var filler: String { path + "/filler" }

    var path: String { directory.path }

    init(mebibytes: Int) throws {
        directory = try TemporaryDirectory("disk")
        guard mount("tmpfs", directory.path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
            throw CannotMount(description: "cannot mount a tmpfs: \(String(cString: strerror(errno)))")
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Takes all the room there is.
    func fill() throws {
        let file = open(filler, O_CREAT | O_WRONLY, 0o600)
        defer { close(file) }
        let block = [UInt8](repeating: 1, count: 65_536)
        while write(file, block, block.count) > 0 {}
        while write(file, block, 1) > 0 {}
    }

    func free() { unlink(filler) }
}
