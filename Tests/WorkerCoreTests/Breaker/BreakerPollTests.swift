import DomainModel
import NIOCore
import RuleEngine
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// TorBox suddenly lies for everybody.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BreakerPollTests {
    private static let users = 8
    /// Fewer than the limit of one run, so that nothing but the breaker stands in the way.
    private static let items = 6

    @Test("when many users' rules match far more than before, destruction stops for all until it is over, by itself")
    func lie() async throws {
        try await withUsers { bench, users in
            try await pollAll(bench, users)
            #expect(bench.changes.isEmpty)
            lie(bench, users, ratio: 0)
            bench.advance(1_800)
            try await pollAll(bench, users)
            // Four were enough to notice; the fifth and all after it lost nothing.
            #expect(bench.changes.count == (BreakerState.usersToOpen - 1) * Self.items)
            #expect(try await openBatches(bench, users) == Self.users - (BreakerState.usersToOpen - 1))
            #expect(await bench.breaker("isOpen") == .bool(true))
            #expect(await bench.breaker("episodes") == .integer(1))

            bench.advance(1_800)
            try await pollAll(bench, users)
            #expect(bench.changes.count == (BreakerState.usersToOpen - 1) * Self.items)

            // TorBox is itself again: what was parked no longer matches, nothing is lost, and all goes on by itself.
            lie(bench, users, ratio: 1)
            for _ in 0..<2 {
                bench.advance(1_800)
                try await pollAll(bench, users)
            }
            #expect(await bench.breaker("isOpen") == .bool(false))
            #expect(try await openBatches(bench, users) == 0)
            #expect(bench.changes.count == (BreakerState.usersToOpen - 1) * Self.items)
        }
    }

    @Test("what still matches when the breaker closes is done then, within each rule's own limit") func goesOn()
        async throws
    {
        try await withUsers { bench, users in
            try await pollAll(bench, users)
            lie(bench, users, ratio: 0)
            bench.advance(1_800)
            try await pollAll(bench, users)
            let before = bench.changes.count
            // An operator who knows that it is right need not wait.
            #expect(bench.parts.breaker.lift())
            bench.advance(1_800)
            try await pollAll(bench, users)
            #expect(bench.changes.count == Self.users * Self.items)
            #expect(bench.changes.count > before)
            #expect(try await openBatches(bench, users) == 0)
        }
    }

    @Test("while the breaker is open a user may approve, which is for that user alone") func approve() async throws {
        try await withUsers { bench, users in
            try await pollAll(bench, users)
            lie(bench, users, ratio: 0)
            bench.advance(1_800)
            try await pollAll(bench, users)
            let before = bench.changes.count
            let last = try #require(users.last)
            let batch = await bench.ask(Operation.listParked, as: last.id)["parked"]?.arrayValue?.first
            #expect(batch?["reason"] == .string("breaker"))
            let id = try #require(batch?["id"]?.integerValue)
            #expect(await bench.ask(Operation.approveParked, as: last.id, ["id": "\(id)"]).status == 200)
            try await pollAll(bench, users)
            #expect(bench.changes.count == before + Self.items)
            #expect(bench.simulator.items(.torrent, of: last.key).isEmpty)
        }
    }

    @Test("rules that were just saved are no sudden change, whoever saves them") func freshRules() async throws {
        try await withUsers { bench, users in
            lie(bench, users, ratio: 0)
            try await pollAll(bench, users)
            #expect(bench.changes.count == Self.users * Self.items)
            #expect(await bench.breaker("isOpen") == .bool(false))
        }
    }

    @Test("a lie that begins after a restart opens nothing that was parked before it") func restart() async throws {
        try await withUsers { bench, users in
            try await pollAll(bench, users)
            lie(bench, users, ratio: 0)
            bench.advance(1_800)
            try await pollAll(bench, users)
            let before = bench.changes.count
            // A new process has seen nothing yet, so it knows neither alarm nor calm.
            let last = try #require(users.last)
            let past = try await bench.parts.users.read(last.id) { try ParkedBatchRepository.live($0) }
            #expect(past.count == 1)
            let parking = Parking(past, breaker: BreakerState().standing, at: bench.now.value)
            #expect(parking.held.values.map(\.count) == [Self.items])
            #expect(bench.changes.count == before)
        }
    }

    // MARK: Tools

    private struct User {
        var id: UserID
        var key: String
    }

    /// Users with a rule that deletes what has a poor ratio, and items that have a good one.
    private func withUsers(_ body: (WorkerBench, [User]) async throws -> Void) async throws {
        try await WorkerBench.run { bench in
            var users: [User] = []
            for number in 0..<Self.users {
                let key = "breaker-key-\(number)"
                let user = User(id: try await bench.addUser(key), key: key)
                for item in 0..<Self.items { bench.simulator.add(.seeding("item \(item)"), to: key) }
                let answer = await bench.ask(
                    Operation.replaceRules, as: user.id,
                    json: """
                        {"rules":[{"name":"r","enabled":true,"assetTypes":["torrent"],"logicOperator":"and",
                        "trigger":{"type":"interval","value":30},"action":{"type":"delete"},"groups":[
                        {"logicOperator":"and","conditions":[{"type":"RATIO","operator":"lt","value":0.5}]}]}]}
                        """)
                try #require(answer.status == 200)
                users.append(user)
            }
            try await body(bench, users)
        }
    }

    /// What TorBox says of everybody's items from now on.
    private func lie(_ bench: WorkerBench, _ users: [User], ratio: Double) {
        for user in users {
            for item in bench.simulator.items(.torrent, of: user.key) {
                bench.simulator.change(.torrent, item.id, of: user.key) { $0.ratio = ratio }
            }
        }
    }

    private func pollAll(_ bench: WorkerBench, _ users: [User]) async throws {
        for user in users {
            guard case .evaluated = await bench.parts.poller.pipeline.poll(user.id).outcome else {
                throw WorkerBench.NoAnswer()
            }
        }
    }

    private func openBatches(_ bench: WorkerBench, _ users: [User]) async throws -> Int {
        var count = 0
        for user in users {
            count += try await bench.parts.users.read(user.id) { try ParkedBatchRepository.countOpen($0) }
        }
        return count
    }
}

extension WorkerBench {
    fileprivate func breaker(_ member: String) async -> JSONValue? {
        let response = await parts.router.answer(Request(operation: Operation.workerStatus, timeout: .seconds(10)))
        guard case .bytes(let body) = response.body else { return nil }
        let json = try? JSONValue(parsing: Array(body.readableBytesView))  // Nil says enough.
        return json?["pollingScheduler"]?["breaker"]?[member]
    }
}
