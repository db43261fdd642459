import Testing
import TorBoxClient
import UserStore

@testable import WorkerCore

@Suite struct StepResultTests {
    @Test("TorBox's yes is acknowledged and lets the run go on", arguments: [true, false]) func done(removes: Bool) {
        #expect(StepResult.of(.done, removesItem: removes) == StepResult(.acknowledged))
    }

    @Test("no such item is what a removal wanted, and a failure for everything else") func gone() {
        #expect(StepResult.of(.alreadyGone, removesItem: true).state == .observed)
        #expect(StepResult.of(.alreadyGone, removesItem: true).isSuccess)
        #expect(StepResult.of(.alreadyGone, removesItem: false).state == .failed)
    }

    @Test("a refusal fails the item and not the run") func refused() {
        let result = StepResult.of(.refused(code: "INVALID_OPTION", detail: "why"), removesItem: true)
        #expect(result.state == .failed)
        #expect(result.consequence == .goOn)
        #expect(result.detail?.contains("INVALID_OPTION") == true)
        #expect(result.detail?.contains("why") == true)
    }

    @Test("the active limit ends the run only") func activeLimit() {
        let result = StepResult.of(.activeLimit(detail: nil), removesItem: false)
        #expect(result.state == .failed)
        guard case .endRun = result.consequence else {
            Issue.record("ends as \(result.consequence)")
            return
        }
    }

    @Test("a limit on requests ends the poll with TorBox's own time") func limited() {
        let result = StepResult.of(.limited(retryAfter: .seconds(77)), removesItem: true)
        #expect(result.state == .failed)
        #expect(outcome(result) == .rateLimited(retryAfter: .seconds(77)))
    }

    @Test(
        "an unknown fate stays unknown, whatever the action, and ends the poll as an outage", arguments: [true, false])
    func unknown(removes: Bool) {
        let result = StepResult.of(.unknown(reason: "cut"), removesItem: removes)
        #expect(result.state == .unknown)
        #expect(!result.isSuccess)
        #expect(outcome(result) == .outage)
    }

    @Test("what was not sent failed for certain") func notSent() {
        let result = StepResult.of(.notSent(reason: "no route"), removesItem: true)
        #expect(result.state == .failed)
        #expect(outcome(result) == .outage)
    }

    @Test("a refused key ends the poll as such") func unauthorized() {
        #expect(outcome(StepResult.of(.unauthorized(code: "BAD_TOKEN"), removesItem: true)) == .unauthorized)
    }

    private func outcome(_ result: StepResult) -> PollOutcome? {
        guard case .endPoll(let outcome, _) = result.consequence else { return nil }
        return outcome
    }
}
