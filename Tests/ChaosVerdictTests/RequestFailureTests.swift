import Testing

@testable import ChaosVerdict

@Suite struct RequestFailureTests {
    private static func disturbance(_ kind: Disturbance.Kind) -> [Disturbance] {
        [Disturbance(kind, began: 1_000, ended: 2_000)]
    }

    @Test("a connection is refused only while no supervisor holds the socket")
    func refused() {
        let failure = RequestFailure(.refused, time: 1_500...1_510)
        #expect(failure.cause(among: Self.disturbance(.supervisorDown)) == .supervisorDown)
        #expect(failure.cause(among: Self.disturbance(.gatewayEnded)) == nil)
        #expect(failure.name(among: []) == "connection refused, unexplained")
    }

    @Test("a connection ends early only with its gateway")
    func closed() {
        let failure = RequestFailure(.closed, time: 1_500...1_510)
        #expect(failure.cause(among: Self.disturbance(.gatewayEnded)) == .gatewayEnded)
        #expect(failure.cause(among: Self.disturbance(.workerEnded)) == nil)
        #expect(failure.name(among: Self.disturbance(.gatewayEnded)) == "closed without answer: gateway ended")
    }

    @Test("503 has a reason and says when to come back; other errors of ours have no excuse")
    func statuses() {
        let patient = RequestFailure(.status(503, hasRetryAfter: true, reason: "busy"), time: 1_500...1_510)
        #expect(patient.cause(among: Self.disturbance(.workerEnded)) == .workerEnded)
        #expect(patient.cause(among: []) == nil)
        let full = RequestFailure(.status(503, hasRetryAfter: true, reason: "Storage is full"), time: 1_500...1_510)
        #expect(full.cause(among: Self.disturbance(.diskFull)) == .diskFull)
        #expect(full.cause(among: Self.disturbance(.workerEnded)) == nil)
        let blunt = RequestFailure(.status(503, hasRetryAfter: false, reason: "busy"), time: 1_500...1_510)
        #expect(blunt.cause(among: Self.disturbance(.workerEnded)) == nil)
        let broken = RequestFailure(.status(500, hasRetryAfter: false, reason: "bug"), time: 1_500...1_510)
        for kind in Disturbance.Kind.allCases { #expect(broken.cause(among: Self.disturbance(kind)) == nil) }
    }

    @Test("what was over long before explains nothing, what still lasts does")
    func times() {
        let failure = RequestFailure(.timedOut, time: 60_000...70_000)
        #expect(failure.cause(among: Self.disturbance(.workerEnded)) == nil)
        #expect(failure.cause(among: [Disturbance(.diskFull, began: 1_000)]) == .diskFull)
        #expect(failure.cause(among: [Disturbance(.diskFull, began: 71_000)]) == nil)
    }

    @Test("an unexplained failure is a violation")
    func violation() {
        var story = Evidence()
        story.evidence.failures = [RequestFailure(.closed, time: 1_500...1_510)]
        #expect(story.found == [.failedRequest])
        story.evidence.disturbances = Self.disturbance(.gatewayEnded)
        #expect(story.found == [])
    }
}
