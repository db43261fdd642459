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
    var parked = 0
    var parkedLimit: Int?

    init(_ run: PlannedRun) {
        protected = run.protectedCount
        skipped = run.skippedCount - run.protectedCount
        parked = run.parkedCount
        parkedLimit = run.parkedLimit
    }

    mutating func count(_ result: StepResult) {
        switch result.state {
        case .acknowledged, .observed: successes += 1
        case .unknown: unknown += 1
        case .skipped: skipped += 1
        case .dropped: dropped += 1
        default: failures.append(result.detail ?? "failed")
        }
    }

    var isSuccess: Bool { failures.isEmpty && unknown == 0 && protected == 0 && parked == 0 && dropped == 0 }

    /// Nil when there is nothing but success to tell.
    var message: String? {
        var parts: [String] = []
        if let first = failures.first { parts.append("\(failures.count) failed (\(first))") }
        if unknown > 0 { parts.append("\(unknown) of unknown fate, a later list decides") }
        if protected > 0 { parts.append("\(protected) protected") }
        if skipped > 0 { parts.append("\(skipped) skipped") }
        if dropped > 0 { parts.append("\(dropped) not tried") }
        if let parkedLimit, parked > 0 {
            parts.append("\(parked) parked: more than the \(parkedLimit) items that one run may destroy")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    func entry(for run: PlannedRun, at now: Timestamp) -> NewExecution {
        NewExecution(
            rule: run.program.id, ruleName: run.program.name, itemsProcessed: successes, isSuccess: isSuccess,
            errorMessage: message, at: now)
    }
}
