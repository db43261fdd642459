import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// The whole service on a PostgreSQL that is killed, frozen and slow.
@Suite(.serialized) struct RegistryServerTests {
    private static let users = 24

    private func withService(_ body: (PostgresServer, String, Fixture) async throws -> Void) async throws {
        let server = try await PostgresServer.start()
        let url = try await server.newDatabase()
        let fixture = try await Fixture.start(environment: ["DATABASE_URL": url, "DATABASE_TIMEOUT_MS": "1500"])
        try await body(server, url, fixture)
        let (code, leftovers) = try await fixture.stop()
        #expect(code == 0)
        #expect(leftovers == [])
        #expect(!FileManager.default.fileExists(atPath: "\(fixture.directory.path)/master.db"))
        try await server.stop()
    }

    private func readiness(_ fixture: Fixture) async throws -> String {
        let answer = try await fixture.rest.send(.GET, "/ready")
        #expect(answer.status == 200, "known users are served, whatever the registry does: \(answer.body)")
        return answer.json["status"]?.stringValue ?? ""
    }

    /// Waits until the registry is there again, for reading and for new users.
    private func recover(_ fixture: Fixture, newUser: Int) async throws {
        let isBack = try await eventually(within: .seconds(20)) {
            let status = try await readiness(fixture)
            fixture.simulator.addAccount(Fixture.key(newUser))
            guard status == "ready" else { return false }
            return try await fixture.rest.register(Fixture.key(newUser)).status == 200
        }
        #expect(isBack)
    }

    @Test(
        "killed, frozen and slow under load: no request of a known user fails, new users are told when to come back, nothing of the schedule is lost, all is well soon after"
    )
    func weather() async throws {
        try await withService { server, url, fixture in
            var keys: [String] = []
            for number in 0..<Self.users { keys.append(try await fixture.addUser(number)) }
            let saver = try await fixture.addUser(900, rows: [.seeding("doomed", ratio: 3)])
            let (answers, failures) = try await SteadyRequests.during(fixture, keys) { load in
                // Gone.
                try await server.crash()
                #expect(try await eventually { try await readiness(fixture) == "ready, registry unreachable" })
                fixture.simulator.addAccount(Fixture.key(901))
                let refused = try await fixture.rest.register(Fixture.key(901))
                #expect(refused.status == 503, "\(refused.body)")
                #expect(refused.headers.contains(name: "retry-after"))
                let rule = RuleText.rule("delete above 2", action: "delete", conditions: RuleText.ratio(above: 2))
                try await fixture.saveRules([rule], key: saver)
                #expect(try await eventually { fixture.simulator.items(.torrent, of: saver).isEmpty })
                let status = try await fixture.rest.send(.GET, "/api/backend/status").json
                let registry = status["pollingScheduler"]?["registry"]
                #expect(registry?["unreachableWorkers"]?.integerValue ?? 0 > 0, "\(status)")
                #expect(registry?["waitingWrites"]?.integerValue ?? 0 > 0, "\(status)")
                try await server.restart()
                try await recover(fixture, newUser: 901)
                // There, but silent.
                server.freeze()
                #expect(try await eventually { try await readiness(fixture) == "ready, registry unreachable" })
                server.thaw()
                try await recover(fixture, newUser: 902)
                // Slow: every table is held for longer than we wait.
                let before = load.answers
                try await server.execute(
                    "BEGIN; LOCK TABLE user_registry, tbx_user IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4); COMMIT",
                    at: url)
                #expect(load.answers > before)
                try await recover(fixture, newUser: 903)
            }
            #expect(answers > 100)
            #expect(failures == [])
            let isWritten = try await eventually {
                let saved = try await server.execute(
                    """
                    SELECT r.has_active_rules AND t.last_success_ms IS NOT NULL FROM user_registry r
                    JOIN tbx_user t USING (auth_id) WHERE auth_id = '\(AuthID.of(saver))'
                    """, at: url)
                return saved == "t"
            }
            #expect(isWritten, "what was saved and polled while it was away")
            let waiting = try await fixture.rest.send(.GET, "/api/backend/status").json["pollingScheduler"]?["registry"]
            #expect(waiting?["unreachableWorkers"]?.integerValue == 0)
        }
    }

    @Test(
        "a rule that was saved while the registry was away is acted on even when the worker is killed before its return"
    )
    func killedWhileAway() async throws {
        try await withService { server, _, fixture in
            let key = try await fixture.addUser(1, rows: [.seeding("doomed", ratio: 3)])
            // TorBox answers nothing yet, so that the poll of the saved rule gets nowhere.
            fixture.simulator.inject(SimulatedFault(.status(503), times: nil))
            try await server.crash()
            let rule = RuleText.rule("delete above 2", action: "delete", conditions: RuleText.ratio(above: 2))
            try await fixture.saveRules([rule], key: key)
            for worker in ["worker 0", "worker 1"] { kill(try #require(fixture.service.children[worker]), SIGKILL) }
            fixture.simulator.clearFaults()
            try await server.restart()
            let isDone = try await eventually(within: .seconds(60)) {
                fixture.simulator.items(.torrent, of: key).isEmpty
            }
            #expect(isDone)
        }
    }
}
