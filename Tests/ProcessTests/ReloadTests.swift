import Foundation
import ServiceHarness
import Testing

/// New processes while clients do not notice.
@Suite(.serialized) struct ReloadTests {
    @Test("reload and SIGHUP replace every process under kept-alive and fresh connections, and no request fails")
    func reload() async throws {
        let fixture = try await Fixture.start()
        let keys = try await [fixture.addUser(1), fixture.addUser(2), fixture.addUser(3), fixture.addUser(4)]
        let first = fixture.service.children
        let load = try await SteadyRequests.during(fixture, keys) { load in
            let reloaded = try await OperatorCommand.run("reload", on: fixture)
            #expect(reloaded.exitCode == 0, "\(reloaded.text)")
            let second = fixture.service.children
            #expect(Set(second.values).isDisjoint(with: first.values))
            fixture.service.signal(SIGHUP)
            let replaced = try await eventually(within: .seconds(60)) {
                let third = fixture.service.children
                return third.count == 3 && Set(third.values).isDisjoint(with: second.values)
            }
            #expect(replaced)
            let answered = load.answers
            #expect(try await eventually { load.answers > answered + 20 })
        }
        try await expectNewGatewayFirst(fixture, reloads: 2)
        #expect(load.failures.isEmpty, "\(load.failures.count) of \(load.answers): \(load.failures.prefix(3))")
        let (code, leftovers) = try await fixture.stop()
        #expect(code == 0)
        #expect(leftovers == [])
    }

    /// Each time the next gateway was ready before the one that served was told to go. That one may wait for clients that
    /// keep connections alive.
    private func expectNewGatewayFirst(_ fixture: Fixture, reloads: Int) async throws {
        func positions(_ text: String) -> [Int] {
            let lines = fixture.service.lines
            return lines.indices.filter { lines[$0].contains(text) && lines[$0].contains("child.id=gateway") }
        }
        #expect(try await eventually(within: .seconds(40)) { positions("child drained").count == reloads })
        let (ready, drained) = (positions("child ready"), positions("child drained"))
        #expect(ready.count == reloads + 1)
        for (next, old) in zip(ready.dropFirst(), drained) { #expect(next < old) }
    }

    @Test(
        "a reload gives children what the settings file says by then, refuses what is wrong or fixed, and says where values come from"
    )
    func settingsFile() async throws {
        let folder = try TemporaryDirectory()
        let file = folder.path + "/settings"
        func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }
        try write("POLL_KICKOUT_MS=100000\nENCRYPTION_SALT=never shown\n")
        let fixture = try await Fixture.start(workers: 1, environment: ["SETTINGS_FILE": file])
        let key = try await fixture.addUser(1)
        #expect(try environment(of: "worker 0", fixture).contains("POLL_KICKOUT_MS=100000"))

        for (text, reason) in [
            ("POLL_KICKOUT_MS=soon\nENCRYPTION_SALT=never shown", "POLL_KICKOUT_MS is \"soon\""),
            ("POLL_KICKOUT_MS=100000\nENCRYPTION_SALT=another", "ENCRYPTION_SALT cannot change while the service runs"),
            ("POL_KICKOUT_MS=200000\nENCRYPTION_SALT=never shown", "POL_KICKOUT_MS in line 1"),
        ] {
            try write(text)
            let refused = try await OperatorCommand.run("reload", on: fixture)
            #expect(refused.exitCode == 78)
            #expect(refused.text.contains(reason), "\(refused.text)")
        }
        #expect(try environment(of: "worker 0", fixture).contains("POLL_KICKOUT_MS=100000"))
        #expect(try await fixture.rest.rules(key: key).status == 200)

        try write("POLL_KICKOUT_MS=200000\nWORKERS=2\nENCRYPTION_SALT=never shown\n")
        let reloaded = try await OperatorCommand.run("reload", on: fixture)
        #expect(reloaded.exitCode == 0, "\(reloaded.text)")
        #expect(try environment(of: "worker 0", fixture).contains("POLL_KICKOUT_MS=200000"))
        #expect(fixture.service.children["worker 1"] == nil, "WORKERS of the environment wins over the file")
        #expect(try await fixture.rest.rules(key: key).status == 200)

        let check = try await OperatorCommand.run(
            ["check-config", "--settings", file], dataDirectory: fixture.directory.path)
        #expect(check.exitCode == 0)
        #expect(check.text.contains(try Regex("POLL_KICKOUT_MS +200000 +\(file) line 1")))
        #expect(check.text.contains(try Regex("DATA_DIR +\(fixture.directory.path) +environment")))
        #expect(check.text.contains(try Regex("RULE_ACTION_CONCURRENCY +3 +default")))
        #expect(!check.text.contains("never shown"))
        #expect(try await fixture.stop().exitCode == 0)
    }

    private func environment(of child: String, _ fixture: Fixture) throws -> [String] {
        let pid = try #require(fixture.service.children[child])
        let bytes = try #require(FileManager.default.contents(atPath: "/proc/\(pid)/environ"))
        return String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init)
    }

    @Test("kill -9 of the gateway under load refuses no connection: fresh ones wait for the next gateway")
    func killedGateway() async throws {
        let fixture = try await Fixture.start()
        let keys = try await [fixture.addUser(1), fixture.addUser(2)]
        let load = try await SteadyRequests.during(fixture, keys) { load in
            let victim = try #require(fixture.service.children["gateway"])
            kill(victim, SIGKILL)
            let answered = load.answers
            #expect(try await eventually(within: .seconds(20)) { load.answers > answered + 50 })
        }
        // What the dead gateway had in its hands is lost; nothing else is.
        #expect(load.failures.count <= 3, "\(load.failures)")
        let refused = load.failures.filter { $0.lowercased().contains("refused") || $0.contains("connectTimeout") }
        #expect(refused == [])
        #expect(try await fixture.stop().exitCode == 0)
    }
}
