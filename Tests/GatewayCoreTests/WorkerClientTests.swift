import DomainModel
import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import ServiceSupport
import Sharding
import Synchronization
import Testing
import WireProtocol

@testable import GatewayCore

/// Restarts, moves, deadlines and crowds between gateway and worker.
@Suite struct WorkerClientTests {
    private let read = WireProtocol.Request(operation: Operation.listRules, timeout: .zero)

    private func call(
        _ gateway: GatewayFixture, isRepeatable: Bool = true, within limit: Duration = .seconds(10)
    ) async throws -> WireProtocol.Response {
        try await gateway.client.call(
            read, for: GatewayFixture.user, isRepeatable: isRepeatable, deadline: .after(limit))
    }

    @Test("a request waits for a worker that is not there yet")
    func waits() async throws {
        try await GatewayFixture.with(starts: false) { gateway async throws in
            async let answer = call(gateway, isRepeatable: false)
            try await eventually("the request is under way") { gateway.client.requestsUnderWay == 1 }
            try await gateway.owner.start()
            #expect(try await answer.status == 200)
        }
    }

    @Test("a key that is a later one of another user is followed to that user, and the worker is told where from")
    func followsKey() async throws {
        try await GatewayFixture.with { gateway async throws in
            let owner = try #require(UserID(String(repeating: "ab", count: 32)))
            gateway.owner.answer { request in
                request.user == owner
                    ? .json(#"{"success":true}"#) : WireProtocol.Response(status: 503, code: "moved", movedTo: owner)
            }
            #expect(try await call(gateway).status == 200)
            let last = try #require(gateway.owner.lastRequest)
            #expect(last.user == owner)
            #expect(last.parameters == ["moved-from": GatewayFixture.user.hex])
            #expect(gateway.owner.requests.count == 2)
        }
    }

    @Test("requests keep working over a restart of the worker")
    func restart() async throws {
        try await GatewayFixture.with { gateway async throws in
            #expect(try await call(gateway).status == 200)
            await gateway.owner.stop()
            async let answers = withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 0..<20 { tasks.addTask { try await self.call(gateway).status } }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            try await gateway.owner.start()
            #expect(try await answers == Array(repeating: 200, count: 20))
        }
    }

    @Test("when the worker stays away the answer is a 503 with Retry-After, within the patience")
    func staysAway() async throws {
        try await GatewayFixture.with(patience: .milliseconds(200), starts: false) { gateway async throws in
            let began = ContinuousClock.now
            let answer = try await gateway.ask(.get, "/api/automation/rules")
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] != nil)
            #expect(answer["RateLimit-Limit"] == "500")
            #expect(began.duration(to: .now) < .seconds(20))
        }
    }

    @Test("a worker that dies over a repeatable request is asked again")
    func repeats() async throws {
        try await GatewayFixture.with(starts: false) { gateway async throws in
            let dying = try await HangUpServer(at: gateway.directory.socket(of: 0))
            async let answer = call(gateway, isRepeatable: true)
            try await eventually("the worker is asked more than once") { dying.count > 1 }
            try await dying.stop()
            try await gateway.owner.start()
            #expect(try await answer.status == 200)
        }
    }

    @Test("a worker that dies over anything else is not asked twice, and the client is told so")
    func doesNotRepeat() async throws {
        try await GatewayFixture.with(starts: false) { gateway async throws in
            let dying = try await HangUpServer(at: gateway.directory.socket(of: 0))
            await #expect(throws: Problem.outcomeUnknown) { try await call(gateway, isRepeatable: false) }
            #expect(dying.count == 1)
            let answer = try await gateway.ask(.post, "/api/archived-downloads", body: "{}")
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] != nil)
            #expect(dying.count == 2)
            try await dying.stop()
        }
    }

    @Test("a moved slot is followed as soon as the newer map comes")
    func moved() async throws {
        try await GatewayFixture.with(workers: 2) { gateway async throws in
            let oldOwner = try #require(gateway.board.current).owner(of: GatewayFixture.user)
            gateway.workers[oldOwner].answer { _ in .json("{}", status: 409, code: "moved", epoch: 2) }
            async let answer = call(gateway, isRepeatable: false)
            try await eventually("the old owner is asked") { !gateway.workers[oldOwner].requests.isEmpty }
            let moved = try #require(SlotMap(epoch: 2, owners: Array(repeating: 1 - oldOwner, count: 256)))
            gateway.board.post(moved)
            #expect(try await answer.status == 200)
            #expect(gateway.workers[oldOwner].requests.count == 1)
            #expect(gateway.workers[1 - oldOwner].lastRequest?.epoch == 2)
        }
    }

    @Test("a worker that is behind our map is asked again until it has caught up")
    func workerBehind() async throws {
        try await GatewayFixture.with { gateway async throws in
            let count = Mutex(0)
            gateway.owner.answer { _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return number < 4 ? .json("{}", status: 409, code: "moved", epoch: 0) : .json("{}")
            }
            #expect(try await call(gateway, isRepeatable: false).status == 200)
            #expect(gateway.owner.requests.count == 4)
        }
    }

    @Test("a slot that moves for ever ends in a 503")
    func movedForEver() async throws {
        try await GatewayFixture.with(patience: .milliseconds(150)) { gateway async throws in
            gateway.owner.answer { _ in .json("{}", status: 409, code: "moved", epoch: 9) }
            await #expect(throws: Problem.workerUnavailable) { try await call(gateway) }
        }
    }

    @Test("a worker that does not answer in time is a 503 that says so")
    func deadline() async throws {
        var configuration = GatewayConfiguration()
        configuration.requestTimeout = .milliseconds(100)
        try await GatewayFixture.with(configuration) { gateway async throws in
            gateway.owner.answer { _ in
                // Cancelled when the gateway gives up.
                try? await Task.sleep(for: .seconds(30))
                return .json("{}")
            }
            let answer = try await gateway.ask(.get, "/api/automation/rules")
            #expect(answer.status == 503)
            #expect(answer.error == "Request timed out")
        }
    }

    @Test("a draining worker's requests wait for its successor")
    func draining() async throws {
        try await GatewayFixture.with { gateway async throws in
            gateway.owner.answer { _ in .json("{}", status: 503, code: "draining") }
            async let answer = call(gateway, isRepeatable: false)
            try await eventually("the draining worker is asked twice") { gateway.owner.requests.count > 1 }
            gateway.owner.answer { _ in .json("{}") }
            #expect(try await answer.status == 200)
        }
    }

    @Test("an overloaded worker is asked a few times, then the client is told to come back")
    func overloaded() async throws {
        try await GatewayFixture.with { gateway async throws in
            gateway.owner.answer { _ in .json("{}", status: 503, code: "overloaded") }
            let answer = try await gateway.ask(.post, "/api/archived-downloads", body: "{}")
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] == "1")
            #expect(gateway.owner.requests.count == WorkerRetryPolicy.maximumOverloads)
        }
    }

    @Test("without a slot map requests wait for the first one")
    func firstMap() async throws {
        let board = SlotMapBoard()
        async let map = board.map(sinceEpoch: 0, until: .after(.seconds(10)))
        board.post(SlotMap(workers: 2))
        #expect(await map?.workerCount == 2)
        #expect(await board.map(sinceEpoch: 5, until: .after(.milliseconds(20))) == nil)
    }

    @Test("an older map is not taken")
    func olderMap() {
        let board = SlotMapBoard()
        board.post(SlotMap(workers: 2, epoch: 5))
        board.post(SlotMap(workers: 3, epoch: 4))
        #expect(board.current?.epoch == 5)
    }

    @Test("many requests at a time each get their own answer")
    func crowd() async throws {
        try await GatewayFixture.with(workers: 4) { gateway async throws in
            for worker in gateway.workers { worker.answer { .json($0.user?.hex ?? "") } }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<200 {
                    tasks.addTask {
                        let user = CredentialFormat.owner(of: "user-number-\(number)")
                        let answer = try await gateway.client.call(
                            self.read, for: user, isRepeatable: true, deadline: .after(.seconds(20)))
                        guard case .bytes(let body) = answer.body else { throw CancellationError() }
                        #expect(String(buffer: body) == user.hex)
                    }
                }
                try await tasks.waitForAll()
            }
        }
    }
}
