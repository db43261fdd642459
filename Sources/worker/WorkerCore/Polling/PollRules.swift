import DomainModel
import RuleEngine
import UserStore

/// The user's rules at the start of a poll.
struct PollRules: Sendable {
    struct Entry: Sendable {
        var program: RuleProgram
        var row: RuleRow
    }

    /// Enabled rules, by id.
    var enabled: [Entry]

    init(_ rows: [RuleRow], of user: UserID, cache: ProgramCache) {
        enabled = rows.filter(\.isEnabled).map { Entry(program: cache.program(for: $0, of: user), row: $0) }
            .sorted { $0.row.id < $1.row.id }
    }

    /// Everything that any enabled rule looks at; history is kept for all of it.
    var assets: Set<AssetType> { Set(enabled.flatMap(\.program.assetTypes)) }

    func due(at now: Timestamp, _ schedule: RuleSchedule) -> [Entry] {
        enabled.filter { schedule.isDue($0.program, $0.row, at: now) }
    }

    /// Longest averaging window of any enabled rule, in hours; nil when none averages.
    var averageHours: Double? { enabled.compactMap(\.program.averageHours).max() }

    func nextDue(evaluated: Set<RuleID>, at now: Timestamp, _ schedule: RuleSchedule) -> Timestamp? {
        schedule.nextDue(enabled.map { ($0.program, $0.row) }, evaluated: evaluated, at: now)
    }

    /// When the user is overdue, see ``RuleSchedule/deadline(_:evaluated:at:)``.
    func deadline(evaluated: Set<RuleID>, at now: Timestamp, _ schedule: RuleSchedule) -> Timestamp? {
        schedule.deadline(enabled.map { ($0.program, $0.row) }, evaluated: evaluated, at: now)
    }
}
