import DomainModel
import Registry
import Testing

@testable import WorkerCore

@Suite struct SilencePolicyTests {
    private let policy = SilencePolicy(start: noon)

    private static func user(_ change: (inout RegisteredUser) -> Void = { _ in }) -> RegisteredUser {
        var user = RegisteredUser(
            id: .sample(1), databasePath: "", status: .active, isKeyActive: true, keyName: nil, hasActiveRules: true,
            encryptedKey: "x", nextDue: nil, lastPolled: nil, lastSuccess: nil, lastError: nil, failureCount: 0,
            retryAfter: nil, pausedReason: nil, lastSeen: nil, createdAt: noon)
        change(&user)
        return user
    }

    @Test("a user is overdue after the deadline and not at it") func deadline() {
        let seen = SilencePolicy.Observation(deadline: noon(3_600), lastOutcome: .evaluated(nextRuleDue: nil))
        #expect(policy.reason(Self.user(), seen, isOutage: false, at: noon(3_600)) == nil)
        #expect(policy.reason(Self.user(), seen, isOutage: false, at: noon(3_601)) == .backlog)
    }

    @Test(
        "the reason is how the last poll ended",
        arguments: [
            (PollOutcome.rateLimited(retryAfter: nil), SilencePolicy.Reason.limit), (.outage, .outage),
            (.incomplete, .incomplete), (.unauthorized, .authFailure), (.planRestricted, .planRestricted),
            (.failed, .failed), (.evaluated(nextRuleDue: nil), .backlog),
        ])
    func reasons(outcome: PollOutcome, reason: SilencePolicy.Reason) {
        let seen = SilencePolicy.Observation(deadline: noon, lastOutcome: outcome)
        #expect(policy.reason(Self.user(), seen, isOutage: false, at: noon(1)) == reason)
    }

    @Test("during an outage that is the reason, except for a refused key") func outage() {
        let seen = SilencePolicy.Observation(deadline: noon, lastOutcome: .rateLimited(retryAfter: nil))
        #expect(policy.reason(Self.user(), seen, isOutage: true, at: noon(1)) == .outage)
        let paused = Self.user { $0.pausedReason = PollIntervalPolicy.refusedKeyReason }
        #expect(policy.reason(paused, seen, isOutage: true, at: noon(1)) == .authFailure)
    }

    @Test(
        "a pause says itself why",
        arguments: [
            ("auth_failure", SilencePolicy.Reason.authFailure), ("quarantine", .quarantine),
            (InactivityPolicy.reason, .inactivity), ("something new", .backlog),
        ])
    func pauses(code: String, reason: SilencePolicy.Reason) {
        let user = Self.user { $0.pausedReason = code }
        #expect(policy.reason(user, .init(deadline: noon), isOutage: true, at: noon(1)) == reason)
    }

    @Test("nobody is overdue who has nothing to evaluate") func nothingToDo() {
        let seen = SilencePolicy.Observation(deadline: noon, lastOutcome: nil)
        #expect(policy.reason(Self.user { $0.hasActiveRules = false }, seen, isOutage: false, at: noon(1)) == nil)
        #expect(policy.reason(Self.user { $0.isKeyActive = false }, seen, isOutage: false, at: noon(1)) == nil)
        #expect(policy.reason(Self.user { $0.status = .inactive }, seen, isOutage: false, at: noon(1)) == nil)
    }

    @Test("after a start a user gets an interval from when the poll is due") func afterStart() {
        let seen = SilencePolicy.Observation()
        #expect(policy.reason(Self.user(), seen, isOutage: false, at: noon(1_800)) == nil)
        #expect(policy.reason(Self.user(), seen, isOutage: false, at: noon(1_801)) == .backlog)
        let later = Self.user { $0.nextDue = noon(86_400) }
        #expect(policy.reason(later, seen, isOutage: false, at: noon(88_200)) == nil)
        #expect(policy.reason(later, seen, isOutage: false, at: noon(88_201)) == .backlog)
    }

    @Test("a pause counts from the last success, also across a start") func pausedBefore() {
        let user = Self.user {
            $0.pausedReason = PollIntervalPolicy.refusedKeyReason
            $0.lastSuccess = noon(-3_700)
            $0.nextDue = noon(1_000_000)
        }
        #expect(policy.reason(user, .init(), isOutage: false, at: noon) == .authFailure)
    }
}
