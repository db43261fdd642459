/// Holds what the service shows at the end against what it has acknowledged.
struct WriteChecker {
    let evidence: ChaosEvidence

    func violations() -> [Violation] { evidence.users.flatMap(violations) }

    func count(into tally: ChaosTally) {
        for user in evidence.users where user.shown != nil {
            tally.count(.verified, "rule lists")
            tally.count(.verified, "tags", by: user.record.tags.count)
            tally.count(.verified, "tagged downloads", by: user.record.mappings.count)
            tally.count(.verified, "archived rows", by: user.record.archived.count)
            tally.count(.verified, "protections", by: user.record.protected.count)
        }
    }

    private func violations(of user: UserEvidence) -> [Violation] {
        let record = user.record
        guard let shown = user.shown else { return [Violation(.unreadable, "user \(user.account)")] }
        return rules(shown, record, user.account)
            + lost(Set(record.tags.keys).subtracting(shown.tags), user.account)
            + lost(record.mappings.subtracting(shown.mappings), user.account)
            + lost(record.archived.subtracting(shown.archived).map { "archived row \($0)" }, user.account)
            + lost(record.protected.subtracting(shown.protected).map { "protection of \($0)" }, user.account)
    }

    private func rules(_ shown: FinalState, _ record: ClientRecord, _ account: String) -> [Violation] {
        guard record.acknowledged != nil else { return [] }
        guard let version = shown.rulesVersion else { return lost(["the rules"], account) }
        let fits = record.acceptable.contains {
            $0.version == version && $0.isToggleOn == shown.isToggleOn ?? $0.isToggleOn
        }
        guard !fits else { return [] }
        let toggle = shown.isToggleOn.map { ", toggle \($0)" } ?? ""
        return [
            Violation(
                .lostWrite, "\(account) shows rules version \(version)\(toggle), acceptable are \(record.acceptable)")
        ]
    }

    private func lost(_ what: some Sequence, _ account: String) -> [Violation] {
        what.map { Violation(.lostWrite, "\($0) of \(account)") }
    }
}
