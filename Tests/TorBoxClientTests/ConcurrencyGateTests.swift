import DomainModel
import Synchronization
import Testing

@testable import TorBoxClient

@Suite struct ConcurrencyGateTests {
    private let clock = ManualClock()
    private var time: TimeSource { TimeSource(clock: clock) { Timestamp(milliseconds: 0) } }

    private func user(_ digit: Character) throws -> UserID {
        guard let user = UserID.fixture(digit) else { throw NoFixture() }
        return user
    }

    @Test("waiters get slots in the order in which they came")
    func order() async throws {
        let gate = ConcurrencyGate(limit: 1, time: time)
        let users = try "abcd".map(user)
        try await gate.acquire(users[0], until: .seconds(1))
        let order = Order()
        var tasks: [Task<Void, any Error>] = []
        for (index, user) in users.enumerated().dropFirst() {
            tasks.append(
                Task {
                    try await gate.acquire(user, until: .seconds(1))
                    order.users.withLock { $0.append(user) }
                })
            #expect(await eventually { gate.waitingCount == index })
        }
        for count in 1...3 {
            gate.release(users[count - 1])
            #expect(await eventually { order.users.withLock { $0.count } == count })
        }
        for task in tasks { try await task.value }
        #expect(order.users.withLock { $0 } == Array(users.dropFirst()))
    }

    private final class Order: Sendable {
        let users = Mutex<[UserID]>([])
    }

    @Test("one user gets half at most, and does not hold up the others")
    func share() async throws {
        let gate = ConcurrencyGate(limit: 4, time: time)
        let (greedy, other) = (try user("a"), try user("b"))
        try await gate.acquire(greedy, until: .seconds(1))
        try await gate.acquire(greedy, until: .seconds(1))
        let third = Task { try await gate.acquire(greedy, until: .seconds(1)) }
        #expect(await eventually { gate.waitingCount == 1 })
        try await gate.acquire(other, until: .seconds(1))
        #expect(gate.takenCount == 3)
        gate.release(greedy)
        try await third.value
        #expect(gate.takenCount == 3)
    }

    @Test("a wait ends with its deadline, and the slot goes to somebody else")
    func deadline() async throws {
        let gate = ConcurrencyGate(limit: 1, time: time)
        let (first, second) = (try user("a"), try user("b"))
        try await gate.acquire(first, until: .seconds(1))
        let late = Task { try await gate.acquire(second, until: .seconds(1)) }
        #expect(await eventually { gate.waitingCount == 1 && clock.sleeperCount == 1 })
        clock.advance(by: .seconds(1))
        let error = await #expect(throws: TorBoxError.self) { try await late.value }
        #expect(error?.code == .outOfTime)
        gate.release(first)
        #expect(gate.takenCount == 0)
    }

    @Test("a cancelled wait leaves the queue")
    func cancelled() async throws {
        let gate = ConcurrencyGate(limit: 1, time: time)
        let (first, second) = (try user("a"), try user("b"))
        try await gate.acquire(first, until: .seconds(1))
        let waiting = Task { try await gate.acquire(second, until: .seconds(1)) }
        #expect(await eventually { gate.waitingCount == 1 })
        waiting.cancel()
        await #expect(throws: TorBoxError.cancelled) { try await waiting.value }
        #expect(gate.waitingCount == 0)
        gate.release(first)
        #expect(gate.takenCount == 0)
    }

    @Test("beyond its bound, the queue turns callers away at once")
    func bounded() async throws {
        let gate = ConcurrencyGate(limit: 1, maximumWaiting: 1, time: time)
        let (first, second) = (try user("a"), try user("b"))
        try await gate.acquire(first, until: .seconds(1))
        let waiting = Task { try await gate.acquire(second, until: .seconds(1)) }
        #expect(await eventually { gate.waitingCount == 1 })
        let error = await #expect(throws: TorBoxError.self) { try await gate.acquire(second, until: .seconds(1)) }
        #expect(error?.code == .outOfTime)
        gate.release(first)
        try await waiting.value
    }

    @Test("under many tasks with cancellations, no slot is lost and the bound holds")
    func stress() async throws {
        let gate = ConcurrencyGate(limit: 4, time: .system)
        let users = try "abcdef".map(user)
        let count = Count()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<600 {
                let user = users[number % users.count]
                group.addTask {
                    let task = Task {
                        // A failed wait is what cancellation asks for here; it takes no slot.
                        guard (try? await gate.acquire(user, until: .seconds(3_600 * 24 * 365))) != nil else { return }
                        let now = count.inside.add(1, ordering: .relaxed).newValue
                        count.most.max(now, ordering: .relaxed)
                        await Task.yield()
                        count.inside.subtract(1, ordering: .relaxed)
                        gate.release(user)
                    }
                    if number.isMultiple(of: 3) { task.cancel() }
                    await task.value
                }
            }
        }
        #expect(gate.takenCount == 0)
        #expect(gate.waitingCount == 0)
        #expect((1...4).contains(count.most.load(ordering: .relaxed)))
    }

    private final class Count: Sendable {
        let inside = Atomic(0)
        let most = Atomic(0)
    }
}
