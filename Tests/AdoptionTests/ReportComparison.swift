import DomainModel
import StockFixture

/// What the report must say about the users of a fixture.
enum ReportComparison {
    /// What is not as it must be, a line each.
    static func differences(_ report: JSONValue, _ fixture: StockFixture) -> [String] {
        let findings = report["findings"]?.arrayValue ?? []
        var byUser: [String: Set<String>] = [:]
        var byRule: [String: Set<String>] = [:]
        for finding in findings {
            let (kind, user) = (finding["kind"]?.stringValue ?? "", finding["user"]?.stringValue ?? "")
            if let rule = finding["rule"]?.integerValue {
                byRule["\(user)/\(rule)", default: []].insert(kind)
            } else {
                byUser[user, default: []].insert(kind)
            }
        }
        var lines: [String] = []
        func compare(_ who: String, _ found: Set<String>, _ wanted: Set<String>) {
            if found != wanted { lines.append("\(who): \(found.sorted()), must be \(wanted.sorted())") }
        }
        for user in fixture.users where user.fate != .nothing {
            let names = Set([user.id.prefix(8), user.stockID.prefix(8)].map(String.init))
            let found = names.reduce(into: Set<String>()) { $0.formUnion(byUser.removeValue(forKey: $1) ?? []) }
            compare("\(user.oddity) \(user.number)", found, user.expectation.findings)
            guard case .refused = user.fate else {
                for (rule, wanted) in user.expectation.ruleFindings {
                    let key = "\(user.id.prefix(8))/\(rule)"
                    compare("\(user.oddity) \(user.number) rule \(rule)", byRule.removeValue(forKey: key) ?? [], wanted)
                }
                continue
            }
        }
        for (rule, kinds) in byRule { lines.append("rule \(rule): \(kinds.sorted()), must be nothing") }
        let strays = fixture.users.count { $0.oddity == .strayKey }
        let actions = fixture.schema != .january && fixture.users.contains { $0.oddity == .pendingActions } ? 1 : 0
        let nobodys = byUser.removeValue(forKey: "") ?? []
        compare("nobody", nobodys, Set((strays > 0 ? ["key-stray"] : []) + (actions > 0 ? ["actions-dropped"] : [])))
        for (user, kinds) in byUser { lines.append("user \(user): \(kinds.sorted()), must be nothing") }
        return lines + counts(report, fixture)
    }

    private static func counts(_ report: JSONValue, _ fixture: StockFixture) -> [String] {
        let refused = fixture.users.count { if case .refused = $0.fate { true } else { false } }
        let wanted = [
            "registered": fixture.registrations, "adopted": fixture.users.count { $0.fate == .adopted },
            "filesOnly": fixture.users.count { $0.fate == .fileOnly }, "refused": refused,
        ]
        return wanted.compactMap { key, count in
            let found = report[key]?.integerValue ?? -1
            return found == Int64(count) ? nil : "\(key) is \(found), must be \(count)"
        }
    }
}
