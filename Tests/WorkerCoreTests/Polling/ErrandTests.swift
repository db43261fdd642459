import DomainModel
import Testing

@testable import WorkerCore

/// Work for a user beside the polls.
@Suite(.timeLimit(.minutes(2))) struct ErrandTests {
    private let now = ManualNow()

    private func running(
        _ scheduler: PollScheduler, _ poll: @escaping PollScheduler.Poll, _ body: () async throws -> Void
    ) async rethrows {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await scheduler.run(poll) }
            try await body()
            await scheduler.stop()
            try await group.waitForAll()
        }
    }

    private func makeScheduler(concurrency: Int = 4) -> PollScheduler {
        let now = now
        return PollScheduler(concurrency: concurrency) { now.value }
    }

    @Test("an errand waits for the user's poll, and the next poll for the errand") func serialised() async throws {
        let (scheduler, poll, errand, polls) = (makeScheduler(), Gate(), Gate(), Counter())
        await scheduler.schedule(.sample(1), at: noon)
        await running(scheduler) { _, _, _ in
            polls.add()
            await poll.pass()
            return nil
        } _: {
            #expect(await eventually { poll.arrivals == 1 })
            async let result = scheduler.perform(for: .sample(1)) {
                await errand.pass()
                return 7
            }
            async let other = scheduler.perform(for: .sample(2)) { 8 }
            #expect(await other == 8, "another user's does not wait")
            #expect(errand.arrivals == 0)
            await scheduler.pollNow(.sample(1))
            poll.open()
            #expect(await eventually { errand.arrivals == 1 })
            #expect(polls.value == 1, "the errand comes first")
            errand.open()
            #expect(await result == 7)
            #expect(await eventually { polls.value == 2 })
        }
    }

    @Test("a due time that was set before the errand counts after it") func dueStays() async throws {
        let scheduler = makeScheduler()
        await scheduler.schedule(.sample(1), at: noon(60))
        await running(scheduler) { _, _, _ in
            nil
        } _: {
            #expect(await scheduler.perform(for: .sample(1)) { 1 } == 1)
            #expect(await eventually { await scheduler.due(of: .sample(1)) == noon(60) })
        }
    }

    @Test("errands are done while polls are paused") func paused() async throws {
        let scheduler = makeScheduler()
        await scheduler.setPaused(true)
        await running(scheduler) { _, _, _ in
            nil
        } _: {
            #expect(await scheduler.perform(for: .sample(1)) { 1 } == 1)
        }
    }

    @Test("a caller who leaves before the work begins takes it along; one who leaves later does not stop it")
    func cancelled() async throws {
        let (scheduler, gate, done) = (makeScheduler(concurrency: 1), Gate(), Counter())
        await running(scheduler) { _, _, _ in
            nil
        } _: {
            let begun = Task {
                await scheduler.perform(for: .sample(1)) {
                    await gate.pass()
                    done.add()
                }
            }
            #expect(await eventually { gate.arrivals == 1 })
            let waiting = Task { await scheduler.perform(for: .sample(2)) { done.add() } }
            waiting.cancel()
            begun.cancel()
            #expect(await waiting.value == nil)
            #expect(await begun.value == nil)
            gate.open()
            #expect(await eventually { done.value == 1 })
            #expect(await scheduler.perform(for: .sample(3)) { 3 } == 3)
            #expect(done.value == 1)
        }
    }

    @Test("forgotten users and a stop end those that wait") func dropped() async throws {
        let (scheduler, gate) = (makeScheduler(), Gate())
        await running(scheduler) { _, _, _ in
            nil
        } _: {
            async let first: Void? = scheduler.perform(for: .sample(1)) { await gate.pass() }
            #expect(await eventually { gate.arrivals == 1 })
            async let second: Void? = scheduler.perform(for: .sample(1)) {}
            async let third: Void? = scheduler.perform(for: .sample(2)) { await gate.pass() }
            #expect(await eventually { gate.arrivals == 2 })
            #expect(await eventually { await scheduler.errandCount == 1 })
            await scheduler.forget([.sample(1)])
            #expect(await second == nil)
            gate.open()
            #expect(await first != nil)
            #expect(await third != nil)
        }
        #expect(await scheduler.perform(for: .sample(1)) { 1 } == nil, "after the stop")
    }
}
