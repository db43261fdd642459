import DomainModel
import Testing

@testable import WorkerCore

/// Polls that gave their place to another: the scheduler goes on, and still knows that they are under way.
@Suite(.timeLimit(.minutes(3))) struct LeftPlaceTests {
    private let acting = Gate()
    private let polled = Counter()

    /// One place. Users 1 to 9 leave it and then wait at the gate; all others end at once.
    private func running(_ body: (PollScheduler) async -> Void) async {
        let (now, acting, polled) = (ManualNow(), acting, polled)
        let scheduler = PollScheduler(concurrency: 1) { now.value }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await scheduler.run { user, _, place in
                    if (1...9).contains(user.slot.number) {
                        await place.leave()
                        await acting.pass()
                    }
                    polled.add()
                    return nil
                }
            }
            await body(scheduler)
            acting.open()
            await scheduler.stop()
        }
    }

    @Test("others are polled meanwhile") func others() async {
        await running { scheduler in
            await scheduler.pollNow(.sample(1))
            #expect(await eventually { acting.arrivals == 1 })
            for user in UInt8(20)...25 { await scheduler.pollNow(.sample(user)) }
            #expect(await eventually { polled.value == 6 })
            let status = await scheduler.status()
            #expect(status.running == 1 && status.acting == 1)
        }
        #expect(polled.value == 7)
    }

    @Test("of those without a place there are only so many; the next keeps its own until it ends") func bound() async {
        await running { scheduler in
            let most = UInt8(PollPlaces.actingPerPlace)
            for user in 1...most + 1 { await scheduler.pollNow(.sample(user)) }
            #expect(await eventually { acting.arrivals == Int(most) + 1 })
            await scheduler.pollNow(.sample(20))
            let status = await scheduler.status()
            #expect(status.running == Int(most) + 1 && status.acting == Int(most) && status.scheduled == 1)
            #expect(polled.value == 0)
            acting.open()
            #expect(await eventually { polled.value == Int(most) + 2 })
            #expect(await eventually { await scheduler.status().acting == 0 })
        }
    }

    @Test("the user is not polled a second time meanwhile, and no errand of theirs begins") func notTwice() async {
        await running { scheduler in
            await scheduler.pollNow(.sample(1))
            #expect(await eventually { acting.arrivals == 1 })
            await scheduler.pollNow(.sample(1))
            async let errand = scheduler.perform(for: .sample(1)) { polled.value }
            #expect(await scheduler.perform(for: .sample(2)) { polled.value } == 0, "another's does not wait")
            #expect(await scheduler.isPolling(.sample(1)))
            #expect(acting.arrivals == 1)
            acting.open()
            #expect(await errand == 1)
            #expect(await eventually { polled.value == 2 })
        }
    }

    @Test("who waits until a user is idle waits for it too") func idle() async {
        await running { scheduler in
            await scheduler.pollNow(.sample(1))
            #expect(await eventually { acting.arrivals == 1 })
            await scheduler.forget([.sample(1)])
            async let polls: Int = {
                await scheduler.waitUntilIdle { $0 == .sample(1) }
                return polled.value
            }()
            await scheduler.waitUntilIdle { $0 == .sample(2) }
            #expect(polled.value == 0)
            acting.open()
            #expect(await polls == 1)
        }
    }

    @Test("a stop waits for it too") func stop() async {
        await running { scheduler in
            await scheduler.pollNow(.sample(1))
            #expect(await eventually { acting.arrivals == 1 })
            await scheduler.stop()
            #expect(await scheduler.isPolling(.sample(1)))
        }
        #expect(polled.value == 1)
    }

    @Test("pausing starts nobody in the place that was left") func paused() async {
        await running { scheduler in
            await scheduler.pollNow(.sample(1))
            #expect(await eventually { acting.arrivals == 1 })
            await scheduler.setPaused(true)
            await scheduler.pollNow(.sample(20))
            #expect(await scheduler.perform(for: .sample(2)) { 7 } == 7, "errands go on")
            #expect(polled.value == 0)
            await scheduler.setPaused(false)
            #expect(await eventually { polled.value == 1 })
        }
    }
}
