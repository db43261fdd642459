import NIOCore
import NIOPosix
import Storage
import Synchronization
import Testing

@testable import WorkerCore

@Suite(.timeLimit(.minutes(3))) struct PollLaneTests {
    @Test("polls run on the lane: a thread that holds connections and may wait for a disk") func polls() async {
        let lane = PollLane.shared
        let seen = Mutex<(isOnLoop: Bool, mayWait: Bool)?>(nil)
        let scheduler = PollScheduler(concurrency: 1, lane: lane, now: { noon })
        await scheduler.schedule(.sample(1), at: noon)
        async let running: Void = scheduler.run { _, _, _ in
            seen.withLock { $0 = (Self.isOn(lane), WaitingThread.isCurrent) }
            return nil
        }
        #expect(await eventually { seen.withLock { $0 != nil } })
        await scheduler.stop()
        await running
        #expect(seen.withLock { $0?.isOnLoop } == true)
        #expect(seen.withLock { $0?.mayWait } == true)
    }

    private static func isOn(_ lane: PollLane) -> Bool { lane.group.next().inEventLoop }
}
