import Synchronization
import Testing
import WireProtocol

@testable import GatewayCore

/// Replacing one gateway by another under load.
@Suite struct DrainTests {
    @Test("a request under way is answered, with Connection: close, and then the service ends")
    func underWay() async throws {
        try await ServiceFixture.with { fixture, service async throws in
            let gate = Gate()
            fixture.gateway.owner.answer { _ in
                await gate.wait()
                return .json("{}")
            }
            let client = try await fixture.connect()
            try await client.get("/api/automation/rules")
            try await eventually("the worker is asked") { !fixture.gateway.owner.requests.isEmpty }
            service.beginDraining()
            let idle = try await fixture.connect()
            try await eventually("the idle connection is closed or not accepted") {
                idle.isClosed || service.connectionCount == 1
            }
            #expect(client.received.isEmpty)
            gate.open()
            let answer = try await client.answer()
            #expect(answer.status == 200)
            #expect(answer["Connection"] == "close")
            try await eventually("no connection is left") { service.connectionCount == 0 }
        }
    }

    @Test("under load from fresh and kept-alive clients no request is refused while a successor takes over")
    func handOver() async throws {
        try await ServiceFixture.with { fixture, first async throws in
            let successor = fixture.makeService()
            let counts = Counts()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<8 {
                    tasks.addTask { await load(fixture, keepsAlive: number.isMultiple(of: 2), counts) }
                }
                try await eventually("the load runs") { counts.good > 200 }
                let running = Task { try await successor.run() }
                first.beginDraining()
                try await eventually("the first has drained") { first.connectionCount == 0 }
                let before = counts.good
                try await eventually("the successor serves") { counts.good > before + 200 }
                counts.stop()
                try await tasks.waitForAll()
                successor.beginDraining()
                try await running.value
            }
            #expect(counts.bad == [])
        }
    }

    @Test("relieved, it leaves idle connections to their clients: each is answered once more and closed")
    func retiring() async throws {
        var limits = ConnectionLimits()
        limits.drainPause = .zero
        try await ServiceFixture.with(limits: limits) { fixture, service async throws in
            var clients: [RawClient] = []
            for _ in 0..<20 { clients.append(try await fixture.connect()) }
            for client in clients { #expect(try await ask(client)["Connection"] != "close") }
            service.retire()
            for (number, client) in clients.enumerated() {
                #expect(try await ask(client)["Connection"] == "close")
                let left = clients.count - number - 1
                try await eventually("that one only") { service.connectionCount == left }
            }
        }
    }

    @Test("patience with clients that send nothing ends by itself, or by the order to drain", arguments: [true, false])
    func impatience(isOrdered: Bool) async throws {
        var limits = ConnectionLimits()
        limits.drainPause = .zero
        limits.retirementPatience = isOrdered ? .seconds(3_600) : .zero
        limits.drainTimeout = .seconds(3_600)
        try await ServiceFixture.with(limits: limits) { fixture, service async throws in
            let client = try await fixture.connect()
            _ = try await ask(client)
            service.retire()
            if isOrdered { service.beginDraining() }
            try await eventually("it is closed") { service.connectionCount == 0 && client.isClosed }
        }
    }

    private func ask(_ client: RawClient) async throws -> TestAnswer {
        try await client.get("/api/automation/rules")
        return try await client.answer()
    }

    private func load(_ fixture: ServiceFixture, keepsAlive: Bool, _ counts: Counts) async {
        while !counts.isStopped {
            do {
                let client = try await fixture.connect()
                var isOpen = true
                while isOpen, !counts.isStopped {
                    try await client.get("/api/automation/rules", keepsAlive ? "" : "Connection: close\r\n")
                    let answer = try await client.answer()
                    counts.note(answer.status)
                    isOpen = answer["Connection"] != "close"
                }
                await client.close()
            } catch {
                counts.note("\(error)")
            }
        }
    }
}

/// What the load has seen.
private final class Counts: Sendable {
    private struct State {
        var good = 0
        var bad: [String] = []
        var isStopped = false
    }
    private let state = Mutex(State())

    var good: Int { state.withLock(\.good) }
    var bad: [String] { state.withLock(\.bad) }
    var isStopped: Bool { state.withLock(\.isStopped) }

    func note(_ status: Int) {
        state.withLock { if status == 200 { $0.good += 1 } else { $0.bad.append(String(status)) } }
    }

    func note(_ failure: String) { state.withLock { $0.bad.append(failure) } }

    func stop() { state.withLock { $0.isStopped = true } }
}
