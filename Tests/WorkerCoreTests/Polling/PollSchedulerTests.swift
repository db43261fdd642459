import DomainModel
import Synchronization
import Testing

@testable import WorkerCore

@Suite(.timeLimit(.minutes(3))) struct PollSchedulerTests {
    @Test("due users are polled, others not before their time") func due() async {
        let bench = Bench()
        await bench.scheduler.schedule(.sample(1), at: noon)
        await bench.scheduler.schedule(.sample(2), at: noon(60))
        bench.gate.open()
        await bench.running {
            #expect(await eventually { bench.polled == [.sample(1)] })
            #expect(await bench.scheduler.due(of: .sample(2)) == noon(60))
            bench.now.advance(seconds: 60)
            await bench.wake()
            #expect(await eventually { bench.polled == [.sample(1), .sample(2)] })
        }
    }

    @Test("at most so many polls run at once, and the next begins when one ends") func concurrency() async {
        let bench = Bench(concurrency: 3)
        for user in UInt8(1)...10 { await bench.scheduler.schedule(.sample(user), at: noon) }
        await bench.running {
            #expect(await eventually { bench.gate.arrivals == 3 })
            await bench.wake()
            let status = await bench.scheduler.status()
            #expect(status.running == 3)
            #expect(status.scheduled == 7)
            bench.gate.open()
            #expect(await eventually { bench.polled.count == 10 })
        }
        #expect(bench.mostAtOnce == 3)
        #expect(Set(bench.polled).count == 10)
    }

    @Test("a user is never polled twice at once: asked for meanwhile, the poll comes after") func notTwice() async {
        let bench = Bench()
        await bench.scheduler.schedule(.sample(1), at: noon)
        await bench.running {
            #expect(await eventually { bench.gate.arrivals == 1 })
            await bench.scheduler.pollNow(.sample(1))
            await bench.scheduler.schedule(.sample(1), at: noon(-5))
            await bench.wake()
            #expect(await bench.scheduler.isPolling(.sample(1)))
            #expect(bench.gate.arrivals == 1)
            bench.gate.open()
            #expect(await eventually { bench.polled.count == 2 })
        }
        #expect(bench.mostAtOncePerUser == 1)
    }

    @Test("the earlier of what the poll says and what was asked meanwhile counts", arguments: [(100, 50), (50, 100)])
    func earlier(next: Int64, asked: Int64) async {
        let bench = Bench { _ in noon(next) }
        await bench.scheduler.schedule(.sample(1), at: noon)
        await bench.running {
            #expect(await eventually { bench.gate.arrivals == 1 })
            await bench.scheduler.schedule(.sample(1), at: noon(asked))
            bench.gate.open()
            #expect(await eventually { await bench.scheduler.isPolling(.sample(1)) == false })
            #expect(await bench.scheduler.due(of: .sample(1)) == noon(50))
        }
    }

    @Test("a user whose poll names no time waits until somebody asks") func noNextTime() async {
        let bench = Bench { _ in nil }
        bench.gate.open()
        await bench.scheduler.schedule(.sample(1), at: noon)
        await bench.running {
            #expect(await eventually { bench.polled.count == 1 })
            #expect(await eventually { await bench.scheduler.isPolling(.sample(1)) == false })
            #expect(await bench.scheduler.due(of: .sample(1)) == nil)
            await bench.scheduler.pollNow(.sample(1))
            #expect(await eventually { bench.polled.count == 2 })
        }
    }

    @Test("a forgotten user is not polled, and a poll under way is its last") func forget() async {
        let bench = Bench(concurrency: 1) { _ in noon }
        await bench.scheduler.schedule(.sample(1), at: noon)
        await bench.scheduler.schedule(.sample(2), at: noon(-1))
        await bench.running {
            #expect(await eventually { bench.gate.arrivals == 1 })
            await bench.scheduler.forget([.sample(1), .sample(2)])
            await bench.scheduler.schedule(.sample(3), at: noon(5))
            bench.gate.open()
            await bench.scheduler.waitUntilIdle { _ in true }
            #expect(bench.polled == [.sample(2)])
            #expect(await bench.scheduler.due(of: .sample(1)) == nil)
            #expect(await bench.scheduler.due(of: .sample(2)) == nil)
            #expect(await bench.scheduler.due(of: .sample(3)) == noon(5))
        }
    }

    @Test("a user who was forgotten and asked for again during one poll is polled again") func forgottenAndBack() async
    {
        let bench = Bench { _ in nil }
        await bench.scheduler.schedule(.sample(1), at: noon)
        await bench.running {
            #expect(await eventually { bench.gate.arrivals == 1 })
            await bench.scheduler.forget([.sample(1)])
            await bench.scheduler.pollNow(.sample(1))
            bench.gate.open()
            #expect(await eventually { bench.polled.count == 2 })
        }
    }

    @Test("while paused nothing starts and everybody stays due") func paused() async {
        let bench = Bench()
        bench.gate.open()
        await bench.scheduler.setPaused(true)
        await bench.scheduler.schedule(.sample(1), at: noon)
        await bench.running {
            await bench.wake()
            #expect(await bench.scheduler.status().isPaused)
            #expect(await bench.scheduler.status().scheduled == 1)
            #expect(bench.polled.isEmpty)
            await bench.scheduler.setPaused(false)
            #expect(await eventually { bench.polled == [.sample(1)] })
        }
    }

    @Test("a stop starts nothing more and waits for what is under way") func stop() async {
        let bench = Bench(concurrency: 1)
        await bench.scheduler.schedule(.sample(1), at: noon(-1))
        await bench.scheduler.schedule(.sample(2), at: noon)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bench.run() }
            #expect(await eventually { bench.gate.arrivals == 1 })
            await bench.scheduler.stop()
            #expect(await bench.scheduler.isPolling(.sample(1)))
            bench.gate.open()
        }
        #expect(bench.polled == [.sample(1)])
        #expect(await bench.scheduler.due(of: .sample(2)) == noon)
    }

    @Test("waiting until idle looks at the chosen users only") func idle() async {
        let bench = Bench()
        await bench.scheduler.schedule(.sample(1), at: noon)
        await bench.running {
            #expect(await eventually { bench.gate.arrivals == 1 })
            await bench.scheduler.waitUntilIdle { $0 == .sample(2) }
            #expect(await bench.scheduler.isPolling(.sample(1)))
            bench.gate.open()
            await bench.scheduler.waitUntilIdle { $0 == .sample(1) }
            #expect(await bench.scheduler.isPolling(.sample(1)) == false)
        }
    }

    @Test("the wall clock's alarm rings by itself for a time to come") func alarm() async {
        let scheduler = PollScheduler(concurrency: 1, now: { .now })
        let polled = Counter()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await scheduler.run { _, _, _ in
                    polled.add()
                    return nil
                }
            }
            await scheduler.schedule(.sample(1), at: Timestamp.now.advanced(byMilliseconds: 60))
            #expect(await eventually { polled.value == 1 })
            await scheduler.stop()
        }
    }

    @Test("many users asked for from many sides are each polled, never twice at once") func stress() async {
        let bench = Bench(concurrency: 8) { _ in nil }
        bench.gate.open()
        await bench.running {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for user in UInt8(0)..<100 { await bench.scheduler.pollNow(.sample(user)) }
                    }
                }
            }
            #expect(await eventually { await bench.scheduler.status().scheduled == 0 })
            await bench.scheduler.waitUntilIdle { _ in true }
        }
        #expect(Set(bench.polled).count == 100)
        #expect(bench.mostAtOncePerUser == 1)
        #expect(bench.mostAtOnce <= 8)
    }
}

/// A scheduler with a manual clock, whose polls wait at a gate and are counted.
private final class Bench: Sendable {
    private struct Counts {
        var polled: [UserID] = []
        var running: [UserID: Int] = [:]
        var mostAtOnce = 0
        var mostPerUser = 0
    }
    let now = ManualNow()
    let gate = Gate()
    let scheduler: PollScheduler
    private let next: @Sendable (UserID) -> Timestamp?
    private let counts = Mutex(Counts())

    init(concurrency: Int = 4, next: @escaping @Sendable (UserID) -> Timestamp? = { _ in noon(1_000_000) }) {
        let now = now
        self.next = next
        scheduler = PollScheduler(concurrency: concurrency) { now.value }
    }

    var polled: [UserID] { counts.withLock { $0.polled } }
    var mostAtOnce: Int { counts.withLock { $0.mostAtOnce } }
    var mostAtOncePerUser: Int { counts.withLock { $0.mostPerUser } }

    func run() async {
        await scheduler.run { user, _, _ in
            self.counts.withLock { counts in
                counts.running[user, default: 0] += 1
                counts.mostAtOnce = max(counts.mostAtOnce, counts.running.values.reduce(0, +))
                counts.mostPerUser = max(counts.mostPerUser, counts.running[user] ?? 0)
            }
            await self.gate.pass()
            self.counts.withLock { counts in
                counts.polled.append(user)
                counts.running[user, default: 0] -= 1
            }
            return self.next(user)
        }
    }

    /// Runs the scheduler while `body` runs, and stops it afterwards.
    func running(_ body: () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.run() }
            await body()
            self.gate.open()
            await self.scheduler.stop()
        }
    }

    /// Makes the scheduler look at the clock again, and returns after it has.
    func wake() async {
        await scheduler.schedule(.sample(255), at: noon(10_000_000))
        await scheduler.forget([.sample(255)])
        for _ in 0..<5 { _ = await scheduler.status() }
    }
}
