import DomainModel
import UserStore

/// Switches a rule off on the backend's own account: with the reason at the rule, and a row in its log.
enum RuleSwitch {
    static func off(
        _ rule: RuleRow, because reason: String, _ db: UserDatabase.Connection, at now: Timestamp
    ) throws {
        try RuleRepository.setEnabled(db, rule.id, false, reason: reason, now: now)
        try RuleRepository.recordExecution(
            db,
            NewExecution(
                rule: rule.id, ruleName: rule.name, itemsProcessed: 0, isSuccess: false,
                errorMessage: "switched off: " + reason, at: now), countsAsExecution: false)
    }
}
