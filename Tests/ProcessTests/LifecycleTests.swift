import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// Start, stop, and what a process that dies takes with it.
@Suite(.serialized) struct LifecycleTests {
    @Test("a first start needs nothing but a data directory, answers, and ends with 0 and nothing locked")
    func firstStart() async throws {
        let fixture = try await Fixture.start()
        #expect(try await fixture.rest.send(.GET, "/health").status == 200)
        #expect(try await fixture.rest.send(.GET, "/ready").status == 200)
        let status = try await fixture.rest.send(.GET, "/api/backend/status")
        #expect(status.json["available"]?.boolValue == true)
        #expect(Set(fixture.service.children.keys) == ["worker 0", "worker 1", "gateway"])
        let key = fixture.directory.url.appendingPathComponent("encryption.key").path
        let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let (code, leftovers) = try await fixture.stop()
        #expect(code == 0)
        #expect(leftovers == [])
    }

    @Test("rules and users are there again after a restart, and the same key opens them")
    func restart() async throws {
        let first = try await Fixture.start(workers: 1)
        let key = try await first.addUser(1)
        let ids = try await first.saveRules(
            [RuleText.rule("keep me", action: "delete", conditions: RuleText.never)], key: key)
        #expect(try await first.service.stop() == 0)

        let settings = Fixture.settings(first.directory, first.simulator, 2)
        let second = try ServiceProcess(binaries: Binaries.directory, environment: settings)
        defer { second.killAll() }
        let rest = RESTClient(baseURL: try await second.baseURL())
        let rules = try await rest.rules(key: key)
        #expect(rules.json["rules"]?.arrayValue?.compactMap { $0["id"]?.integerValue } == ids)
        #expect(try await second.stop() == 0)
    }

    @Test("all problems of the settings are reported at once, with exit code 78")
    func badSettings() async throws {
        let directory = try TemporaryDirectory()
        let service = try ServiceProcess(
            binaries: Binaries.directory,
            environment: [
                "DATA_DIR": directory.path, "WORKERS": "many", "MAX_DB_CONNECTIONS": "-3",
                "TORBOX_API_BASE": "ftp://x", "USER_RATE_LIMIT_MAX": "lots", "ENCRYPTION_KEY": "short",
            ])
        #expect(try await service.exitCode() == 78)
        let printed = service.lines.joined(separator: "\n")
        for name in ["WORKERS", "MAX_DB_CONNECTIONS", "TORBOX_API_BASE", "USER_RATE_LIMIT_MAX", "ENCRYPTION_KEY"] {
            #expect(printed.contains(name), "\(name) is not among the problems:\n\(printed)")
        }
        #expect(!printed.contains("short\""))
    }

    @Test("a changed encryption key stops the start with 78 and names a user by eight digits")
    func wrongKey() async throws {
        let first = try await Fixture.start(
            workers: 1, environment: ["ENCRYPTION_KEY": "the-right-key-of-many-characters"])
        try await first.addUser(1)
        #expect(try await first.service.stop() == 0)

        var settings = Fixture.settings(first.directory, first.simulator, 1)
        settings["ENCRYPTION_KEY"] = "another-key-of-many-characters"
        let second = try ServiceProcess(binaries: Binaries.directory, environment: settings)
        #expect(try await second.exitCode() == 78)
        let printed = second.lines.joined(separator: "\n")
        #expect(printed.contains("ENCRYPTION_KEY does not open"), "\(printed)")
        #expect(!printed.contains("another-key-of-many-characters"))
    }

    @Test("a data directory that cannot be made stops the start with a clear error")
    func unusableDataDirectory() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/file"
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        let service = try ServiceProcess(
            binaries: Binaries.directory,
            environment: ["DATA_DIR": file + "/data", "RUNTIME_DIR": directory.path + "/run", "WORKERS": "1"])
        let code = try await service.exitCode()
        #expect(code == 78 || code == 75)
        let printed = service.lines.joined(separator: "\n")
        #expect(printed.contains(file), "\(printed)")
    }

    @Test("a second service on the same data directory is refused")
    func secondService() async throws {
        let first = try await Fixture.start(workers: 1)
        let settings = Fixture.settings(first.directory, first.simulator, 1)
        let second = try ServiceProcess(binaries: Binaries.directory, environment: settings)
        #expect(try await second.exitCode() != 0)
        #expect(try await first.rest.send(.GET, "/ready").status == 200)
        #expect(try await first.stop().exitCode == 0)
    }

    @Test("when the supervisor is killed its children end by themselves, and a new start takes over")
    func orphans() async throws {
        let fixture = try await Fixture.start()
        let key = try await fixture.addUser(1)
        let children = fixture.service.children
        #expect(children.count == 3)
        fixture.service.signal(SIGKILL)
        let areGone = try await eventually(within: .seconds(40)) {
            !children.values.contains(where: ProcessTable.isAlive)
        }
        #expect(areGone)
        let settings = Fixture.settings(fixture.directory, fixture.simulator, 2)
        let second = try ServiceProcess(binaries: Binaries.directory, environment: settings)
        defer { second.killAll() }
        let rest = RESTClient(baseURL: try await second.baseURL())
        #expect(try await rest.rules(key: key).status == 200)
        #expect(try await second.stop() == 0)
    }

    @Test("a killed gateway is replaced on the same socket, and requests that arrive meanwhile are answered")
    func killedGateway() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let key = try await fixture.addUser(1)
        let gateway = try #require(fixture.service.children["gateway"])
        kill(gateway, SIGKILL)
        // A connection that was open may break once; a fresh one waits in the socket's queue.
        let answers = try await eventually(within: .seconds(10)) {
            (try? await fixture.rest.rules(key: key).status) == 200
        }
        #expect(answers)
        #expect(fixture.service.children["gateway"] != gateway)
        #expect(try await fixture.stop().exitCode == 0)
    }
}
