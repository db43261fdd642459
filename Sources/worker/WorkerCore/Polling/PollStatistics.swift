import DomainModel
import Observability
import Synchronization

/// Counts of polls since the process began, for status and metrics.
final class PollStatistics: Sendable {
    struct Counts: Sendable, Equatable {
        var total = 0
        var successful = 0
        var failed = 0
        var skipped = 0
        /// Due polls of users who are away.
        var inactive = 0
        var byOutcome: [String: Int] = [:]
        var lastPollAt: Timestamp?
    }
    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func countInactive() { state.withLock { $0.inactive += 1 } }

    func count(_ outcome: PollOutcome, at now: Timestamp) {
        MetricNames.polls.count(outcome.label)
        state.withLock { counts in
            counts.byOutcome[outcome.label, default: 0] += 1
            counts.lastPollAt = now
            switch outcome {
            case .interrupted: counts.skipped += 1
            case .evaluated:
                counts.total += 1
                counts.successful += 1
            default:
                counts.total += 1
                counts.failed += 1
            }
        }
    }
}
