import DomainModel
import Glibc
import Logging
import NIOCore
import NIOPosix
import Sharding
import Synchronization
import Testing
import WireProtocol

@testable import GatewayCore

/// The gateway's whole life as the supervisor sees it.
@Suite struct ControlTests {
    @Test(
        "hello, map, probe through every worker, ready, alive; drained after the order to drain or to retire",
        arguments: [ControlMessage.drain, .retire])
    func life(order: ControlMessage) async throws {
        try await ProcessFixture.with { fixture async throws in
            guard case .hello(let greeting) = try await fixture.next() else { throw ProcessFixture.Unexpected() }
            #expect(greeting.role == "gateway")
            #expect(greeting.pid == getpid())
            try await fixture.send(.assign(SlotMap(workers: 2)))
            try await fixture.await { $0 == .ready }
            #expect(fixture.workers.allSatisfy { $0.requests.contains { $0.operation == Operation.probe } })
            try await fixture.await { if case .alive = $0 { true } else { false } }
            let client = try await RawClient(port: fixture.socket.port)
            try await client.get("/ready")
            #expect(try await client.answer().status == 200)
            await client.close()
            try await fixture.send(order)
            try await fixture.await { $0 == .drained }
        }
    }

    @Test("it is not ready before a worker answers, and one is enough: a worker that is down hides only its users")
    func notReady() async throws {
        try await ProcessFixture.with(startsWorkers: false) { fixture async throws in
            try await fixture.send(.assign(SlotMap(workers: 2)))
            try await fixture.await { if case .alive = $0 { true } else { false } }
            #expect(!fixture.seen.contains(.ready))
            try await fixture.workers[0].start()
            try await fixture.await { $0 == .ready }
            // To the world it is ready only with all of them.
            let client = try await RawClient(port: fixture.socket.port)
            try await client.get("/ready")
            #expect(try await client.answer().status == 503)
            try await fixture.send(.drain)
            try await fixture.await { $0 == .drained }
        }
    }

    @Test("when the supervisor is gone the gateway drains and ends")
    func orphan() async throws {
        try await ProcessFixture.with { fixture async throws in
            try await fixture.send(.assign(SlotMap(workers: 2)))
            try await fixture.await { $0 == .ready }
            await fixture.hangUp()
            try await eventually("the process is over") { fixture.hasEnded }
        }
    }
}
