import DomainModel
import RuleEngine

/// What a run of one rule by hand came to. Source: rest-api 2.1.
struct ManualRunResult: Sendable, Equatable {
    var rule: RuleID
    var name = ""
    /// Downloads of the kinds that the rule is for.
    var total = 0
    var matched = 0
    /// Actions that were planned; done ones and failed ones are among them.
    var processed = 0
    var successes = 0
    var errors = 0
    var isSkipped = false
    /// Set when anything was carried out, or was tried.
    var action: String?
    /// Why nothing was done.
    var reason: String?
    /// Set when the rule was evaluated too short a time ago.
    var lastEvaluated: Timestamp?
    var error: String?

    init(rule: RuleID) { self.rule = rule }

    var isExecuted: Bool { action != nil }

    mutating func skip(_ reason: String) {
        isSkipped = true
        self.reason = reason
    }

    /// Takes in what became of the planned actions.
    mutating func take(_ run: PlannedRun?, _ summary: RunSummary?) {
        guard let run, let summary, !run.steps.isEmpty else {
            return skip(matched == 0 ? "No downloads match" : summary?.message ?? "Nothing is left to do")
        }
        action = run.action.name
        processed = run.steps.count
        successes = summary.successes
        errors = summary.failures.count + summary.unknown + summary.dropped
    }
}
