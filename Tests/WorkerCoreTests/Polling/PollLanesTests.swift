import Testing

@testable import WorkerCore

@Suite struct PollLanesTests {
    @Test(
        "a worker has a lane for each processor that falls to it, one at least and four at most",
        arguments: [(1, 1, 1), (2, 1, 2), (2, 2, 1), (3, 2, 2), (4, 2, 2), (8, 1, 4), (2, 8, 1), (64, 4, 4)])
    func count(processors: Int, workers: Int, lanes: Int) {
        #expect(PollLanes.count(processors: processors, workers: workers) == lanes)
    }

    @Test("lanes are made once for the process") func shared() {
        #expect(PollLanes.shared(workers: 2) === PollLanes.shared(workers: 2))
    }
}
