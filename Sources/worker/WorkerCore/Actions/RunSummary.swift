import DomainModel
import RuleEngine
import UserStore

/// What the execution log says about one run of a rule. Pure.
struct RunSummary: Sendable, Equatable {
    var successes = 0
    var failures: [String] = []
    var unknown = 0
    var protected = 0
    var skipped = 0
    var dropped = 0

    init(_ run: PlannedRun) {
        protected = run.protectedCount
        skipped = run.skippedCount - run.protectedCount
    }

    /// What the journal says of a run that ended some time ago.
    init(_ rows: [ActionRow]) {
        for row in rows {
            if row.state == .skipped, row.detail == ActionPlanner.SkipReason.protected.text {
                protected += 1
            } else {
                count(StepResult(row.state, row.detail))
            }
        }
    }

    mutating func count(_ result: StepResult) {
        switch result.state {
        case .acknowledged, .observed: successes += 1
        case .unknown: unknown += 1
        case .skipped: skipped += 1
        case .dropped: dropped += 1
        case .failed: failures.append(result.detail ?? "failed")
        // Nothing has become of these yet.
        case .planned, .sent, .parked, .approved, .rejected: break
        }
    }

    var isSuccess: Bool { failures.isEmpty && unknown == 0 && protected == 0 && dropped == 0 }

    /// Nil when there is nothing but success to tell.
    var message: String? {
        var parts: [String] = []
        if let first = failures.first { parts.append("\(failures.count) failed (\(first))") }
        if unknown > 0 { parts.append("\(unknown) of unknown fate, a later list decides") }
        if protected > 0 { parts.append("\(protected) protected") }
        if skipped > 0 { parts.append("\(skipped) skipped") }
        if dropped > 0 { parts.append("\(dropped) not tried") }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    func entry(for run: PlannedRun, at now: Timestamp) -> NewExecution {
        NewExecution(
            rule: run.program.id, ruleName: run.program.name, itemsProcessed: successes, isSuccess: isSuccess,
            errorMessage: message, at: now)
    }
}
