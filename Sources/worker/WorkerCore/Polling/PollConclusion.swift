import DomainModel
import RuleEngine
import TorBoxClient

/// What a poll still has to do once all it intends is committed, and no more than it needs for that: it may last for
/// minutes, and the library that it was concluded from is large.
struct PollConclusion: Sendable {
    var runs: [PlannedRun]
    var account: TorBoxAccount
    /// Of the downloads that may have to be read again.
    var context: EvaluationContext
    var fetchedAt: Timestamp
    var now: Timestamp
    /// When everything could be tried.
    var result: PollPipeline.Result

    init(
        _ runs: [PlannedRun], account: TorBoxAccount, context: EvaluationContext, fetchedAt: Timestamp,
        now: Timestamp, result: PollPipeline.Result
    ) {
        self.runs = runs
        self.account = account
        self.context = context.narrowed(
            to: runs.filter(\.action.isDestructive).flatMap { $0.steps.map(\.item.key) })
        self.fetchedAt = fetchedAt
        self.now = now
        self.result = result
    }

    /// Whether it has to wait for TorBox: tags are the user's own file's.
    var asksTorBox: Bool { runs.contains { !$0.steps.isEmpty && $0.action.tagIDs.isEmpty } }
}
