import DomainModel
import RuleEngine
import Testing
import UserStore

@testable import WorkerCore

@Suite struct RunSummaryTests {
    @Test("plain success has nothing to tell but its count") func success() {
        var summary = RunSummary(run())
        summary.count(StepResult(.acknowledged))
        summary.count(StepResult(.observed))
        #expect(summary.successes == 2)
        #expect(summary.isSuccess)
        #expect(summary.message == nil)
    }

    @Test("skips alone are no failure, protection is, as in stock's log") func skips() {
        var skipped = RunSummary(run { $0.skippedCount = 2 })
        skipped.count(StepResult(.skipped, "no longer matches"))
        #expect(skipped.isSuccess)
        #expect(skipped.message == "3 skipped")
        let protected = RunSummary(
            run {
                $0.skippedCount = 3; $0.protectedCount = 2
            })
        #expect(!protected.isSuccess)
        #expect(protected.message == "2 protected; 1 skipped")
    }

    @Test("everything that did not go well is named with its number") func mixed() {
        var summary = RunSummary(run())
        for result in [
            StepResult(.acknowledged), StepResult(.failed, "refused"), StepResult(.failed, "other"),
            StepResult(.unknown, "cut"), StepResult(.dropped, "changed"),
        ] { summary.count(result) }
        #expect(!summary.isSuccess)
        #expect(
            summary.message == "2 failed (refused); 1 of unknown fate, a later list decides; 1 not tried")
    }

    @Test("a run is told from its rows in the journal as it would have been at its end") func fromRows() {
        let summary = RunSummary([
            .fixture(1, .observed), .fixture(2, .acknowledged), .fixture(3, .unknown),
            .fixture(4, .failed) { $0.detail = "refused" },
            .fixture(5, .skipped) { $0.detail = "protected by the user" }, .fixture(6, .skipped), .fixture(7, .dropped),
            .fixture(8, .parked), .fixture(9, .rejected),
        ])
        #expect(summary.successes == 2)
        #expect(!summary.isSuccess)
        #expect(
            summary.message
                == "1 failed (refused); 1 of unknown fate, a later list decides; 1 protected; 1 skipped; 1 not tried")
    }

    @Test("the log entry counts what was done, not what was matched") func entry() {
        let run = run()
        var summary = RunSummary(run)
        summary.count(StepResult(.acknowledged))
        summary.count(StepResult(.failed, "refused"))
        let entry = summary.entry(for: run, at: noon)
        #expect(entry.itemsProcessed == 1)
        #expect(!entry.isSuccess)
        #expect(entry.rule == RuleID(1))
        #expect(entry.errorMessage == "1 failed (refused)")
    }

    private func run(_ change: (inout PlannedRun) -> Void = { _ in }) -> PlannedRun {
        var run = PlannedRun(
            program: RuleRow.fixture().program, action: .delete, steps: [], settled: [], protectedCount: 0,
            skippedCount: 0)
        change(&run)
        return run
    }
}
