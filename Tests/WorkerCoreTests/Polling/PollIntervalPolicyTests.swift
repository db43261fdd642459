import DomainModel
import Testing

@testable import WorkerCore

@Suite struct PollIntervalPolicyTests {
    @Test("after a whole poll the next rule decides, and failures are forgotten") func evaluated() {
        #expect(
            decide(.evaluated(nextRuleDue: noon(1_800)), failures: 7) == .init(nextDue: noon(1_800), past: .init()))
    }

    @Test("a rule that was due already is due now, not in the past") func overdue() {
        #expect(decide(.evaluated(nextRuleDue: noon(-99))).nextDue == noon)
    }

    @Test("without a rule nobody is polled") func noRule() {
        #expect(decide(.evaluated(nextRuleDue: nil)).nextDue == nil)
    }

    @Test("an interrupted poll leaves everything as it was") func interrupted() {
        let decision = decide(.interrupted, failures: 2)
        #expect(decision == .init(nextDue: noon(-5), past: .init(failures: 2)))
    }

    @Test(
        "outages and odd answers are met with a growing pause, with a tenth either way",
        arguments: [(0, 30), (1, 60), (2, 120), (3, 240), (4, 300), (50, 300)])
    func backoff(before: Int, seconds: Int64) {
        for outcome in [PollOutcome.outage, .incomplete, .failed] {
            for seed in UInt64(0)..<20 {
                let decision = decide(outcome, failures: before, seed: seed)
                let wait = decision.nextDue.map { $0.milliseconds(since: noon) } ?? 0
                #expect((seconds * 900...seconds * 1_100).contains(wait))
                #expect(decision.past == .init(failures: before + 1))
                #expect(decision.pausedReason == nil)
            }
        }
    }

    @Test("the pause is jittered") func jitter() {
        let dues = Set((UInt64(0)..<20).map { decide(.outage, seed: $0).nextDue })
        #expect(dues.count > 10)
    }

    @Test(
        "a limit is honoured as TorBox says it, within reason, and is no failure",
        arguments: [(42, 42), (nil, 300), (0, 1), (-5, 1), (86_400, 3_600)] as [(Int64?, Int64)])
    func rateLimited(retryAfter: Int64?, seconds: Int64) {
        let decision = decide(.rateLimited(retryAfter: retryAfter.map { .seconds($0) }), failures: 3)
        #expect(decision == .init(nextDue: noon(seconds), past: .init(failures: 3)))
    }

    @Test("the third refusal of the key in a row pauses polling, and so does each one after it") func refusals() {
        #expect(
            decide(.unauthorized, failures: 0, refusals: 0)
                == .init(nextDue: noon(1_800), past: .init(failures: 1, keyRefusals: 1)))
        #expect(
            decide(.unauthorized, failures: 1, refusals: 1)
                == .init(nextDue: noon(1_800), past: .init(failures: 2, keyRefusals: 2)))
        for refusals in 2...3 {
            #expect(
                decide(.unauthorized, failures: 2, refusals: refusals)
                    == .init(
                        nextDue: nil, past: .init(failures: 3, keyRefusals: refusals + 1),
                        pausedReason: "auth_failure"))
        }
    }

    @Test("an outage in between neither counts as a refusal nor breaks the row, a good poll does") func row() {
        #expect(decide(.outage, refusals: 2).past.keyRefusals == 2)
        #expect(decide(.rateLimited(retryAfter: nil), refusals: 2).past.keyRefusals == 2)
        #expect(decide(.evaluated(nextRuleDue: nil), refusals: 2).past.keyRefusals == 0)
        #expect(decide(.planRestricted, refusals: 2).past.keyRefusals == 0, "a key that is refused has no plan")
    }

    @Test("failures of other kinds do not bring that pause nearer") func mixedFailures() {
        let decision = decide(.unauthorized, failures: 9, refusals: 0)
        #expect(decision.pausedReason == nil)
        #expect(decision.nextDue == noon(1_800))
    }

    @Test(
        "a plan that does not allow the calls is asked again in half an hour, and switches rules off at the third time")
    func planRestricted() {
        for before in [0, 1] {
            #expect(
                decide(.planRestricted, plan: before)
                    == .init(nextDue: noon(1_800), past: .init(failures: 1, planRefusals: before + 1)))
        }
        #expect(
            decide(.planRestricted, plan: 2) == .init(nextDue: nil, past: .init(failures: 1), switchesRulesOff: true))
    }

    private func decide(
        _ outcome: PollOutcome, failures: Int = 0, refusals: Int = 0, plan: Int = 0, seed: UInt64 = 1
    ) -> PollIntervalPolicy.Decision {
        var generator = SeededNumbers(seed: seed)
        return PollIntervalPolicy().decide(
            outcome, past: .init(failures: failures, keyRefusals: refusals, planRefusals: plan), dueBefore: noon(-5),
            at: noon, using: &generator)
    }
}
