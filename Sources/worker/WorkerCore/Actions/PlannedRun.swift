import DomainModel
import RuleEngine

/// One rule's actions of one poll, written to the journal and ready to be carried out.
struct PlannedRun: Sendable {
    struct Step: Sendable {
        /// In the journal.
        var id: Int64
        var item: DownloadItem
        /// The row of a parked batch by which a person let it happen.
        var grant: Int64?
    }

    var program: RuleProgram
    var action: RuleAction
    var steps: [Step]
    /// Rows that were journalled as skipped: they belong to the run's log entry.
    var settled: [Int64]
    var protectedCount: Int
    var skippedCount: Int
}
