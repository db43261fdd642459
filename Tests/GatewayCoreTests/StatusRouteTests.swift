import DomainModel
import HTTPTypes
import Testing
import WireProtocol

@testable import GatewayCore

/// Routes about the whole instance. REST contract, sections 1.1, 1.2 and 1.4.
@Suite struct StatusRouteTests {
    @Test("health is a 200 without any worker")
    func health() async throws {
        try await GatewayFixture.with(starts: false) { gateway async throws in
            let answer = try await gateway.ask(.get, "/health", key: nil)
            #expect(answer.status == 200)
            #expect(answer.json["status"] == .string("healthy"))
            #expect(answer.json["startupPhase"] == .string("warming"))
            #expect(answer.json["timestamp"]?.stringValue?.hasSuffix("Z") == true)
        }
    }

    @Test("ready means that every worker answers a probe, and the phase follows")
    func ready() async throws {
        try await GatewayFixture.with(workers: 2) { gateway async throws in
            try await eventually("ready") { try await gateway.ask(.get, "/ready", key: nil).status == 200 }
            #expect(gateway.workers.allSatisfy { $0.lastRequest?.operation == Operation.probe })
            #expect(try await gateway.ask(.get, "/health", key: nil).json["startupPhase"] == .string("ready"))
        }
    }

    @Test("one silent or failing worker makes it a 503 with JSON")
    func notReady() async throws {
        try await GatewayFixture.with(workers: 2) { gateway async throws in
            gateway.workers[1].answer { _ in .json("{}", status: 500) }
            let answer = try await gateway.ask(.get, "/ready", key: nil)
            #expect(answer.status == 503)
            #expect(answer.json["success"] == .bool(false))
        }
    }

    @Test("probes are shared by callers of the same second")
    func cached() async throws {
        try await GatewayFixture.with { gateway async throws in
            let began = ContinuousClock.now
            for _ in 0..<20 { #expect(try await gateway.ask(.get, "/ready", key: nil).status == 200) }
            let seconds = Int(began.duration(to: .now).components.seconds)
            #expect(gateway.owner.requests.count <= 2 + seconds)
        }
    }

    @Test("a failure is not kept: ready shows at once when the worker is back")
    func failureIsNotKept() async throws {
        try await GatewayFixture.with(starts: false) { gateway async throws in
            #expect(try await gateway.ask(.get, "/ready", key: nil).status == 503)
            try await gateway.owner.start()
            #expect(try await gateway.ask(.get, "/ready", key: nil).status == 200)
        }
    }

    @Test("the status adds the workers' figures up and shows no whole id")
    func status() async throws {
        try await GatewayFixture.with(workers: 2) { gateway async throws in
            for worker in gateway.workers {
                worker.answer { _ in
                    .json(
                        """
                        {"pollingScheduler":{"isRunning":true,"activePollers":2,
                        "pollers":[{"authId":"\(GatewayFixture.user.hex)"}]},"connectionPool":{"size":3}}
                        """)
                }
            }
            let answer = try await gateway.ask(.get, "/api/backend/status", key: nil)
            #expect(answer.status == 200)
            #expect(answer.json["available"] == .bool(true))
            #expect(answer.json["mode"] == .string("selfhosted"))
            #expect(answer.json["pollingScheduler"]?["activePollers"] == .integer(4))
            #expect(answer.json["pollingScheduler"]?["pollers"]?.arrayValue?.count == 2)
            #expect(answer.json["connectionPool"]?["size"] == .integer(6))
            #expect(!answer.text.contains(GatewayFixture.user.hex))
            #expect(answer.json["uptime"]?.doubleValue != nil)
        }
    }

    @Test("the status is available without any worker, with nulls")
    func statusWithoutWorkers() async throws {
        try await GatewayFixture.with(starts: false) { gateway async throws in
            let answer = try await gateway.ask(.get, "/api/backend/status", key: nil)
            #expect(answer.status == 200)
            #expect(answer.json["available"] == .bool(true))
            #expect(answer.json["pollingScheduler"] == .null)
        }
    }

    @Test("the key count is the sum over all workers, and a 503 when one is missing")
    func keyCount() async throws {
        try await GatewayFixture.with(workers: 2) { gateway async throws in
            gateway.workers[0].answer { _ in .json(#"{"activeUsers":3}"#) }
            gateway.workers[1].answer { _ in .json(#"{"activeUsers":4}"#) }
            let answer = try await gateway.ask(.get, "/api/backend/api-key/status", key: nil)
            #expect(answer.json == .object(["success": .bool(true), "activeUsers": .integer(7)]))
            gateway.workers[1].answer { _ in .json("{}", status: 503) }
            #expect(try await gateway.ask(.get, "/api/backend/api-key/status", key: nil).status == 503)
        }
    }
}
