import AsyncHTTPClient
import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// What an operator sees and does while the service runs, and what the supervisor does by itself.
@Suite(.serialized) struct SupervisionTests {
    @Test("status shows every process as a table and as JSON, and 75 when nothing runs")
    func status() async throws {
        let fixture = try await Fixture.start()
        let table = try await OperatorCommand.run("status", on: fixture)
        #expect(table.exitCode == 0)
        for word in ["serving", "NAME", "worker-0", "worker-1", "gateway", "ready", "128"] {
            #expect(table.text.contains(word), "\(word) is missing:\n\(table.text)")
        }
        let checkedIn = try await eventually {
            let worker = OperatorCommand.child("worker-1", of: try await OperatorCommand.status(of: fixture))
            return worker?["gauges"]?["polls.overdue"]?.integerValue == 0
        }
        #expect(checkedIn)
        let gauges = try await OperatorCommand.run("status", on: fixture)
        for word in ["POLLS.OVERDUE", "POLLS.SCHEDULED", "REQUESTS", "USERS.QUARANTINED", "USERS.FROZEN", "LAG"] {
            #expect(gauges.text.contains(word), "\(word) is missing:\n\(gauges.text)")
        }
        let worker = OperatorCommand.child("worker-0", of: try await OperatorCommand.status(of: fixture))
        #expect(worker?["pid"]?.integerValue == fixture.service.children["worker 0"].map(Int64.init))
        let socket = fixture.directory.path + "/run/supervisor.sock"
        #expect(try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int == 0o600)
        #expect(try await fixture.stop().exitCode == 0)
        let nobody = try await OperatorCommand.run("status", on: fixture)
        #expect(nobody.exitCode == 75)
        #expect(nobody.text.contains("no supervisor listens"))
    }

    @Test("scale 1 to 3 to 2 under steady requests: none fails, users stay with their rules, surplus processes end")
    func scale() async throws {
        let fixture = try await Fixture.start(workers: 1)
        let keys = try await users(24, fixture)
        let load = try await SteadyRequests.during(fixture, keys) { _ in
            let grown = try await OperatorCommand.run("scale", "3", on: fixture)
            #expect(grown.exitCode == 0, "\(grown.text)")
            #expect(Set(fixture.service.children.keys) == ["worker 0", "worker 1", "worker 2", "gateway"])
            let shrunk = try await OperatorCommand.run("scale", "2", on: fixture)
            #expect(shrunk.exitCode == 0, "\(shrunk.text)")
            #expect(Set(fixture.service.children.keys) == ["worker 0", "worker 1", "gateway"])
        }
        #expect(load.failures.isEmpty, "\(load.failures.count) of \(load.answers): \(load.failures.prefix(3))")
        #expect(load.answers > 0)
        #expect(try await OperatorCommand.status(of: fixture)["epoch"]?.integerValue == 3)
        let (code, leftovers) = try await fixture.stop()
        #expect(code == 0)
        #expect(leftovers == [])
    }

    @Test("a worker that does not check in is aborted, and its users are served again")
    func hungWorker() async throws {
        let fixture = try await Fixture.start(workers: 1, environment: ["HUNG_AFTER_MS": "3000"])
        let key = try await fixture.addUser(1)
        let victim = try #require(fixture.service.children["worker 0"])
        kill(victim, SIGSTOP)
        let replaced = try await eventually(within: .seconds(30)) {
            fixture.service.children["worker 0"].map { $0 != victim } ?? false
        }
        #expect(replaced)
        #expect(try await fixture.rest.rules(key: key).status == 200)
        #expect(fixture.service.lines.contains { $0.contains("child hangs and is aborted") })
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("a gateway that does not check in is aborted, and requests that waited for it are answered by the next one")
    func hungGateway() async throws {
        let fixture = try await Fixture.start(workers: 1, environment: ["HUNG_AFTER_MS": "3000"])
        let key = try await fixture.addUser(1)
        let victim = try #require(fixture.service.children["gateway"])
        kill(victim, SIGSTOP)
        // A client of its own, whose connection waits in the socket's queue and not in the hands of the gateway.
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        let answer = try? await RESTClient(baseURL: fixture.rest.baseURL, client: client).send(
            .GET, "/api/automation/rules", key: key, timeout: .seconds(60))
        try await client.shutdown()
        #expect(answer?.status == 200)
        #expect(fixture.service.children["gateway"] != victim)
        #expect(fixture.service.lines.contains { $0.contains("child hangs and is aborted") })
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("status of a supervisor that does not answer says so instead of waiting for ever")
    func stoppedSupervisor() async throws {
        let fixture = try await Fixture.start(workers: 1)
        fixture.service.signal(SIGSTOP)
        let outcome = try await OperatorCommand.run("status", on: fixture)
        fixture.service.signal(SIGCONT)
        #expect(outcome.exitCode == 75)
        #expect(outcome.text.contains("did not answer"), "\(outcome.text)")
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("a worker that crashes again and again is quarantined while the others serve")
    func crashLoop() async throws {
        let fixture = try await Fixture.start()
        let keys = try await users(8, fixture)
        let others = keys.filter { AuthID.of($0).first.map { "01234567".contains($0) } ?? false }
        let quarantined = try await eventually(within: .seconds(60)) {
            if let victim = fixture.service.children["worker 1"] { kill(victim, SIGKILL) }
            return fixture.service.lines.contains { $0.contains("child quarantined") }
        }
        #expect(quarantined)
        let status = try await OperatorCommand.status(of: fixture)
        #expect(OperatorCommand.child("worker-1", of: status)?["state"]?.stringValue == "quarantined")
        for key in others { #expect(try await fixture.rest.rules(key: key).status == 200) }
        #expect(try await OperatorCommand.run("drain", on: fixture).exitCode == 0)
        #expect(try await fixture.service.exitCode() == 0)
        await fixture.simulator.stop()
    }

    private func users(_ count: Int, _ fixture: Fixture) async throws -> [String] {
        var keys: [String] = []
        for number in 0..<count { keys.append(try await fixture.addUser(number)) }
        return keys
    }
}
