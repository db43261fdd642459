import DomainModel
import UserStore

/// Log rows for runs that a crash cut off, and for calls whose fate shows later than their run.
enum CutRuns {
    static let remark = "cut off by a restart"

    /// Tells of everything in the journal that no log row tells of yet. Call when nothing of the user is under way and
    /// what a dead process left is settled.
    static func report(_ db: UserDatabase.Connection, at now: Timestamp) throws {
        let untold = try ActionRepository.unlogged(db)
        for (rule, rows) in Dictionary(grouping: untold, by: \.rule).sorted(by: { $0.key < $1.key }) {
            let summary = RunSummary(rows)
            let log = try RuleRepository.recordExecution(
                db,
                NewExecution(
                    rule: rule, ruleName: rows[0].ruleName, itemsProcessed: summary.successes,
                    isSuccess: summary.isSuccess, errorMessage: text(summary, isCut: true), at: now),
                countsAsExecution: summary.successes > 0)
            try ActionRepository.attach(db, rows.map(\.id), toLog: log)
        }
    }

    /// Brings the log up to date for calls of unknown fate that a list has settled.
    /// - Parameter settled: as they were before; their rows in the journal say already how they went.
    static func retell(_ db: UserDatabase.Connection, _ settled: [ActionRow], at now: Timestamp) throws {
        for log in Set(settled.filter { $0.state == .unknown }.compactMap(\.logID)).sorted() {
            guard let before = try ExecutionLogRepository.get(db, log) else { continue }
            let summary = RunSummary(try ActionRepository.items(db, ofLog: log))
            let isCut = before.errorMessage?.hasPrefix(remark) == true
            let entry = NewExecution(
                rule: before.rule, ruleName: before.ruleName, itemsProcessed: summary.successes,
                isSuccess: summary.isSuccess, errorMessage: text(summary, isCut: isCut), at: now)
            _ = try ExecutionLogRepository.rewrite(db, log, entry)
            if before.itemsProcessed == 0 && summary.successes > 0 {
                try RuleRepository.countExecution(db, before.rule, at: now)
            }
        }
    }

    private static func text(_ summary: RunSummary, isCut: Bool) -> String? {
        let parts = [isCut ? remark : nil, summary.message].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ": ")
    }
}
