import DomainModel
import RuleEngine
import UserStore

/// Rules that name a tag which is gone: switched off with the reason before they can match everything (HZ-19).
enum OrphanedRules {
    /// Returns those that were switched off.
    @discardableResult
    static func switchOff(
        among rules: [PollRules.Entry], _ db: UserDatabase.Connection, at now: Timestamp
    ) throws -> Set<RuleID> {
        guard rules.contains(where: { !$0.program.referencedTagIDs.isEmpty }) else { return [] }
        let tags = try TagRepository.existingTags(db)
        let broken = rules.filter { $0.row.isEnabled && !$0.program.referencedTagIDs.isSubset(of: tags) }
        for rule in broken {
            let missing = rule.program.referencedTagIDs.subtracting(tags).sorted().map(String.init)
            try RuleSwitch.off(
                rule.row, because: "names a tag that no longer exists: \(missing.joined(separator: ", "))", db, at: now)
        }
        return Set(broken.map(\.row.id))
    }
}
