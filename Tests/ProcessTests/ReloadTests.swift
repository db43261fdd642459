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
        #expect(load.failures.isEmpty, "\(load.failures.count) of \(load.answers): \(load.failures.prefix(3))")
        let (code, leftovers) = try await fixture.stop()
        #expect(code == 0)
        #expect(leftovers == [])
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
