import DomainModel
import Registry
import Testing
import TorBoxSimulator

@testable import WorkerCore

/// Overdue users in a whole worker.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SilencePollTests {
    @Test("a user whose lists stay broken is overdue after two intervals, and well again after one good poll")
    func episode() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(.seeding("other"), to: WorkerBench.key)
            try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.pollAndReview()
            bench.advance(2 * 1_800)
            bench.simulator.inject(SimulatedFault(.nullData, endpoints: [.torrentList]))
            await bench.pollAndReview()
            #expect(bench.parts.silence.overdueCount == 0)
            bench.advance(1)
            bench.review()
            #expect(bench.parts.silence.reasons == [.incomplete: 1])
            await bench.pollAndReview()
            #expect(bench.parts.silence.overdueCount == 0)
        }
    }

    @Test("a key that TorBox refuses three times pauses polling, and the user shows as overdue for it")
    func refusedKey() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            await bench.pollAndReview()
            bench.advance(3_601)
            var next: Timestamp?
            for _ in 0..<3 {
                bench.simulator.inject(SimulatedFault(.badToken, endpoints: [.torrentList, .queueList]))
                next = await bench.pollAndReview()
            }
            #expect(next == nil)
            #expect(bench.parts.users.directory[bench.user]?.pausedReason == PollIntervalPolicy.refusedKeyReason)
            #expect(bench.parts.silence.reason(of: bench.user) == .authFailure)
        }
    }
}

extension WorkerBench {
    @discardableResult
    fileprivate func pollAndReview() async -> Timestamp? {
        let next = await parts.poller.poll(user, due: now.value)
        review()
        return next
    }

    fileprivate func review() { parts.silence.review(parts.users.directory.all, isOutage: false) }
}
