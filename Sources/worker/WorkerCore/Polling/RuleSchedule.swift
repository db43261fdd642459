import DomainModel
import RuleEngine
import UserStore

/// When each rule of a user is due. Pure.
struct RuleSchedule: Sendable {
    /// 1 in production; below 1 shortens intervals in development.
    var intervalMultiplier: Double = 1

    /// A rule without a readable interval runs this often. Source: stock polls such users every 30 minutes.
    static let defaultIntervalMinutes = IntervalGate.minimumMinutes

    /// When the rule is due: at once (nil) when this revision of it was never evaluated, else after its interval.
    func due(_ program: RuleProgram, _ row: RuleRow) -> Timestamp? {
        guard row.evaluatedRevision == row.revision, let last = row.evaluatedAt ?? row.lastEvaluatedAt else {
            return nil
        }
        // One that is below 1 must not mean "always": the user would be polled without a pause.
        let minutes = program.intervalMinutes.flatMap { $0 > 0 ? $0 : nil } ?? Self.defaultIntervalMinutes
        guard let next = IntervalGate.nextDue(intervalMinutes: minutes, lastEvaluated: last) else { return nil }
        guard intervalMultiplier < 1 else { return next }
        let shortened = Double(next.milliseconds(since: last)) * intervalMultiplier
        return last.advanced(byMilliseconds: Int64(shortened))
    }

    func isDue(_ program: RuleProgram, _ row: RuleRow, at now: Timestamp) -> Bool {
        due(program, row).map { $0 <= now } ?? true
    }

    /// Twice the interval after the last evaluation of the rule for which that comes first, should the `evaluated`
    /// ones have been evaluated at `now`: from then on the user is overdue. Nil without rules.
    func deadline(
        _ rules: [(program: RuleProgram, row: RuleRow)], evaluated: Set<RuleID>, at now: Timestamp
    ) -> Timestamp? {
        rules.compactMap { rule in
            guard let next = nextDue([rule], evaluated: evaluated, at: now) else { return nil }
            let last = evaluated.contains(rule.row.id) ? now : rule.row.evaluatedAt ?? rule.row.lastEvaluatedAt ?? now
            let interval = max(next.milliseconds(since: last), Int64(Self.defaultIntervalMinutes) * 1_000)
            return next.advanced(byMilliseconds: interval)
        }.min()
    }

    /// When the first of these rules is due after an evaluation of the `evaluated` ones at `now`. Nil without rules.
    func nextDue(
        _ rules: [(program: RuleProgram, row: RuleRow)], evaluated: Set<RuleID>, at now: Timestamp
    ) -> Timestamp? {
        rules.map { rule in
            var row = rule.row
            if evaluated.contains(row.id) {
                row.evaluatedAt = now
                row.evaluatedRevision = row.revision
            }
            return due(rule.program, row) ?? now
        }.min()
    }
}
