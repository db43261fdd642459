import DomainModel
import RuleEngine
import UserStore

/// Brings the rules of a stock file into our form, within the transaction of the caller.
struct StockRuleAdoption {
    let user: UserID
    let level: StockLevel
    /// When the file was first opened by a later version than January's.
    let januaryEnded: Timestamp?
    let now: Timestamp

    func run(_ db: UserDatabase.Connection, _ outcome: inout UserOutcome) throws {
        let cooldowns = try StockRuleRepository.cooldowns(db)
        try StockRuleRepository.takeOverEvaluations(db, at: now)
        for row in try RuleRepository.list(db).sorted(by: { $0.id < $1.id }) {
            try adopt(row, cooldown: cooldowns[row.id] ?? 0, db, &outcome)
        }
        try StockUserFile.clearCooldowns(db)
        try switchOffOrphans(db, &outcome)
        outcome.rules = try RuleRepository.list(db).count
        outcome.enabledRules = try RuleRepository.list(db).count(where: \.isEnabled)
    }

    private func adopt(
        _ row: RuleRow, cooldown: Int64, _ db: UserDatabase.Connection, _ outcome: inout UserOutcome
    ) throws {
        let verdict = StockRuleReader.read(
            RuleJSONForm.stored(row), origin: origin, cooldownMinutes: cooldown,
            isOlder: januaryEnded.map { row.createdAt < $0 } ?? false)
        for note in verdict.notes {
            outcome.findings.append(
                AdoptionFinding(note.kind.rawValue, of: user, rule: row.id, named: row.name, note.text))
        }
        if verdict.trigger != nil || verdict.conditions != nil {
            try StockRuleRepository.rewrite(
                db, row.id, trigger: verdict.trigger.map(JSONColumn.text),
                conditions: verdict.conditions.map(JSONColumn.text))
            outcome.convertedRules += 1
            try log(row, verdict.notes.filter(\.kind.isConversion).map(\.text).joined(separator: "; "), db)
        }
        guard let loss = verdict.loss else { return }
        if row.isEnabled {
            try RuleSwitch.off(row, because: loss, db, at: now)
            outcome.switchedOffRules += 1
        }
        try RuleRepository.setAttention(db, row.id, loss, now: now)
    }

    private var origin: StockRuleOrigin {
        switch level {
        case .january: .january
        case .between: .between
        case .newest: .newest
        }
    }

    /// The rule's own log tells its user what was done to it.
    private func log(_ row: RuleRow, _ text: String, _ db: UserDatabase.Connection) throws {
        try RuleRepository.recordExecution(
            db,
            NewExecution(
                rule: row.id, ruleName: row.name, itemsProcessed: 0, isSuccess: true,
                errorMessage: "written anew when it came from the stock backend: " + text, at: now),
            countsAsExecution: false)
    }

    /// The first poll would do it too; so it is in the report.
    private func switchOffOrphans(_ db: UserDatabase.Connection, _ outcome: inout UserOutcome) throws {
        let rules = PollRules(try RuleRepository.list(db), of: user, cache: ProgramCache())
        let gone = try OrphanedRules.switchOff(among: rules.enabled, db, at: now)
        for rule in rules.enabled where gone.contains(rule.row.id) {
            outcome.switchedOffRules += 1
            outcome.findings.append(
                AdoptionFinding(
                    AdoptionFindingKind.ruleTagGone.rawValue, of: user, rule: rule.row.id, named: rule.row.name,
                    try RuleRepository.get(db, rule.row.id)?.disabledReason ?? ""))
        }
    }
}
