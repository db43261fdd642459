import ServiceSupport
import Testing

@testable import SupervisorCore

@Suite struct RestartPolicyTests {
    private let start = ContinuousClock.now

    private static func limits(jitter: Double = 0) -> RestartPolicy.Limits {
        var limits = RestartPolicy.Limits()
        limits.backoff.jitter = jitter
        return limits
    }

    /// Deaths at the given seconds; the decisions.
    private func decisions(at seconds: [Double]) -> [RestartPolicy.Decision] {
        var policy = RestartPolicy(limits: Self.limits())
        var generator = SeededGenerator()
        return seconds.map { policy.died(at: start + .seconds($0), using: &generator) }
    }

    @Test("waits double from 250 ms up to 30 s when deaths are far enough apart to be tolerated")
    func doubling() {
        let waits = decisions(at: (0..<9).map { Double($0) * 90 }).map { decision in
            if case .restart(_, let delay) = decision { delay } else { Duration.zero }
        }
        #expect(
            waits == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8)]
                + [.seconds(16), .seconds(30), .seconds(30)])
    }

    @Test("jitter stays within a tenth either way and is repeatable with the same seed")
    func jitter() {
        var first = SeededGenerator(seed: 7)
        var second = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var policy = RestartPolicy()
            var twin = RestartPolicy()
            let decision = policy.died(at: start, using: &first)
            #expect(decision == twin.died(at: start, using: &second))
            guard case .restart(1, let delay) = decision else {
                Issue.record("first death gave \(decision)")
                return
            }
            #expect(delay >= .milliseconds(225) && delay <= .milliseconds(275))
        }
    }

    @Test("the fifth death within a minute quarantines the child")
    func shortLimit() {
        let result = decisions(at: [0, 1, 2, 3, 59.9])
        #expect(result[3] == .restart(attempt: 4, delay: .seconds(2)))
        #expect(result[4] == .quarantine(probeAfter: .seconds(300)))
    }

    @Test("the fifth death a minute after the first does not")
    func shortLimitPasses() {
        #expect(decisions(at: [0, 1, 2, 3, 60])[4] == .restart(attempt: 5, delay: .seconds(4)))
    }

    @Test("the twentieth death within half an hour quarantines a child that dies slowly")
    func longLimit() {
        let result = decisions(at: (0..<20).map { Double($0) * 90 })
        #expect(result[18] == .restart(attempt: 19, delay: .seconds(30)))
        #expect(result[19] == .quarantine(probeAfter: .seconds(300)))
    }

    @Test("twenty deaths over more than half an hour do not")
    func longLimitPasses() {
        #expect(
            decisions(at: (0..<40).map { Double($0) * 95 }).allSatisfy { $0 != .quarantine(probeAfter: .seconds(300)) })
    }

    @Test("a quarantined child whose probe dies stays in quarantine, however late")
    func probeDies() {
        let result = decisions(at: [0, 1, 2, 3, 4, 400, 5_000])
        #expect(result[5] == .quarantine(probeAfter: .seconds(300)))
        #expect(result[6] == .quarantine(probeAfter: .seconds(300)))
    }

    @Test("a healthy life starts the waits anew and lifts the quarantine")
    func healthy() {
        var policy = RestartPolicy(limits: Self.limits())
        var generator = SeededGenerator()
        for second in 0..<5 { _ = policy.died(at: start + .seconds(second), using: &generator) }
        #expect(policy.isQuarantined)
        let wasLifted = policy.provedHealthy()
        #expect(wasLifted)
        #expect(!policy.isQuarantined)
        let again = policy.provedHealthy()
        #expect(!again)
        #expect(
            policy.died(at: start + .seconds(5), using: &generator) == .restart(attempt: 1, delay: .milliseconds(250)))
    }
}
