import DomainModel
import RuleEngine
import Testing
import UserStore

@testable import WorkerCore

@Suite struct RuleScheduleTests {
    private let schedule = RuleSchedule()

    @Test("a revision that was never evaluated is due at once") func neverEvaluated() {
        let fresh = RuleRow.fixture()
        #expect(schedule.due(fresh.program, fresh) == nil)
        #expect(schedule.isDue(fresh.program, fresh, at: noon(-1_000_000)))
        let edited = evaluated(30) { $0.revision = 2 }
        #expect(schedule.isDue(edited.program, edited, at: noon))
    }

    @Test(
        "afterwards a rule is due after its interval, exactly then and at least 30 minutes later",
        arguments: [(30, 1_800), (45, 2_700), (1, 1_800), (100_000, 6_000_000)])
    func interval(minutes: Int64, seconds: Int64) {
        let row = evaluated(minutes)
        #expect(schedule.due(row.program, row) == noon(seconds))
        #expect(!schedule.isDue(row.program, row, at: noon(seconds - 1)))
        #expect(schedule.isDue(row.program, row, at: noon(seconds)))
    }

    @Test(
        "a trigger that is no usable interval counts as half an hour, and never as always",
        arguments: [
            "null", "{}", #"{"type":"interval"}"#, #"{"type":"interval","value":0}"#,
            #"{"type":"interval","value":-5}"#, #"{"type":"interval","value":"x"}"#, #"{"type":"cron","value":1}"#,
            "no json", #"{"type":"interval","value":-1e300}"#,
        ])
    func oddTrigger(trigger: String) {
        let row = evaluated(30) { $0.trigger = trigger }
        #expect(schedule.due(row.program, row) == noon(1_800))
        #expect(schedule.nextDue([(row.program, row)], evaluated: [row.id], at: noon(50)) == noon(1_850))
    }

    @Test("an interval without end is due never, and overflows nothing") func endless() {
        let row = evaluated(30) { $0.trigger = #"{"type":"interval","value":1e300}"# }
        #expect(schedule.due(row.program, row) ?? noon > noon(1_000_000_000))
    }

    @Test("a time in the future, as after a clock that was wrong, waits for its interval") func future() {
        let row = evaluated(30) { $0.evaluatedAt = noon(10_000) }
        #expect(!schedule.isDue(row.program, row, at: noon))
    }

    @Test("stock's column counts where ours is empty, for the same revision only") func stockColumn() {
        let row = evaluated(30) {
            $0.evaluatedAt = nil
            $0.lastEvaluatedAt = noon(60)
        }
        #expect(schedule.due(row.program, row) == noon(1_860))
    }

    @Test("the multiplier of development shortens intervals") func multiplier() {
        let row = evaluated(60)
        #expect(RuleSchedule(intervalMultiplier: 0.1).due(row.program, row) == noon(360))
    }

    @Test("the next poll is when the first rule is due, those just evaluated counting from now") func nextDue() {
        let first = evaluated(30)
        let second = evaluated(120) { $0.id = RuleID(2) }
        let rules = [(program: first.program, row: first), (program: second.program, row: second)]
        #expect(schedule.nextDue(rules, evaluated: [], at: noon(60)) == noon(1_800))
        #expect(schedule.nextDue(rules, evaluated: [RuleID(1)], at: noon(1_800)) == noon(3_600))
        #expect(schedule.nextDue(rules, evaluated: [RuleID(1), RuleID(2)], at: noon(7_200)) == noon(9_000))
        #expect(schedule.nextDue([], evaluated: [], at: noon) == nil)
        let fresh = RuleRow.fixture(3)
        #expect(schedule.nextDue(rules + [(fresh.program, fresh)], evaluated: [], at: noon(60)) == noon(60))
    }

    private func evaluated(_ minutes: Int64, _ change: (inout RuleRow) -> Void = { _ in }) -> RuleRow {
        .fixture {
            $0.trigger = #"{"type":"interval","value":\#(minutes)}"#
            $0.evaluatedAt = noon
            $0.evaluatedRevision = 1
            change(&$0)
        }
    }
}
