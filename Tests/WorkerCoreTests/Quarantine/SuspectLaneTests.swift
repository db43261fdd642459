import DomainModel
import Testing

@testable import WorkerCore

@Suite struct SuspectLaneTests {
    private let lane = SuspectLane()
    private let one = UserID.sample(1)
    private let other = UserID.sample(2)

    @Test("one suspect at a time, however much of the same") func oneAtATime() async {
        #expect(lane.tryEnterForPoll(one))
        #expect(await lane.enterForRequest(one, within: .zero))
        #expect(!lane.tryEnterForPoll(other))
        #expect(await !lane.enterForRequest(other, within: .milliseconds(10)))
        lane.leave()
        #expect(!lane.tryEnterForPoll(other))
        lane.leave()
        #expect(lane.tryEnterForPoll(other))
    }

    @Test("a request waits for its turn, and polls give way to it") func requestsFirst() async {
        #expect(lane.tryEnterForPoll(one))
        async let entered = lane.enterForRequest(other, within: .seconds(60))
        let third = UserID.sample(3)
        // Once the request waits, the lane is not for polls when it becomes free.
        #expect(await eventually { lane.hasWaiting })
        lane.leave()
        #expect(await entered)
        #expect(!lane.tryEnterForPoll(third))
        lane.leave()
        #expect(lane.tryEnterForPoll(third))
    }

    @Test("a poll that comes back waits as long as it takes, and those that begin give way to it") func again() async {
        #expect(lane.tryEnterForPoll(one))
        async let entered = lane.enterAgain(other)
        #expect(await eventually { lane.hasWaiting })
        lane.leave()
        #expect(await entered)
        #expect(!lane.tryEnterForPoll(one))
        lane.leave()
        #expect(lane.tryEnterForPoll(one))
    }

    @Test("a poll that was cancelled does not wait, and has no turn") func cancelled() async {
        #expect(lane.tryEnterForPoll(one))
        let (lane, other) = (lane, other)
        let waiting = Task { await lane.enterAgain(other) }
        #expect(await eventually { lane.hasWaiting })
        waiting.cancel()
        #expect(await !waiting.value)
        lane.leave()
        #expect(lane.tryEnterForPoll(one))
    }
}
