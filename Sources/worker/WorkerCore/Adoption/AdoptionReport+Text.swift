import Foundation
import RuleEngine

extension AdoptionReport {
    /// Findings of a kind that are spelled out; `--json` has all.
    private static let shownFindings = 20

    /// For people.
    var text: String {
        let verb = isDryRun ? "would adopt" : "adopted"
        let tables = rows.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        var lines = [
            "\(verb) \(adopted) of \(registered) registered users from \(source)",
            "  users    \(refused) not adopted, \(filesOnly) files without a usable registration, \(doneBefore) done by an earlier run",
            "  rules    \(rules): \(enabledRules) switched on, \(switchedOffRules) switched off now, \(convertedRules) written anew",
            "  rows     \(tables.joined(separator: ", "))",
            "  uploads  \(uploadFiles) files, \(uploadBytes) bytes",
            "  took     \(Self.rounded(seconds)) s for \(sourceBytes >> 20) MiB of user files, \(peakMemoryMebibytes) MiB of memory at most",
        ]
        lines += section("for you to look at:", isForPeople: true)
        lines += section("put right, or good to know:", isForPeople: false)
        return lines.joined(separator: "\n")
    }

    private func section(_ title: String, isForPeople: Bool) -> [String] {
        let wanted = kinds.keys.sorted().filter { Self.meaning(of: $0).isForPeople == isForPeople }
        guard !wanted.isEmpty else { return [] }
        let byKind = Dictionary(grouping: findings, by: \.kind)
        return ["", title]
            + wanted.flatMap { kind in
                let found = byKind[kind] ?? []
                let head = "  \(kind) (\(found.count)): \(Self.meaning(of: kind).text)"
                guard isForPeople else { return [head] }
                let shown = found.prefix(Self.shownFindings).map { "    \(Self.line($0))" }
                let rest = found.count - shown.count
                return [head] + shown + (rest > 0 ? ["    and \(rest) more: --json prints all"] : [])
            }
    }

    private static func line(_ finding: AdoptionFinding) -> String {
        let user = finding.user.map { "user \($0)" }
        let rule = finding.rule.map { "rule \($0) \"\(finding.ruleName ?? "")\"" }
        let place = [user, rule].compactMap(\.self).joined(separator: " ")
        return place.isEmpty ? finding.text : "\(place): \(finding.text)"
    }

    static func meaning(of kind: String) -> (text: String, isForPeople: Bool) {
        if let known = AdoptionFindingKind(rawValue: kind) { return (known.meaning, known.isForPeople) }
        if let known = StockRuleVerdict.Kind(rawValue: kind) { return (known.meaning, known.isForPeople) }
        return (kind, true)
    }

    private static func rounded(_ seconds: Double) -> String { String(format: "%.1f", seconds) }

    /// For programs: all findings.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
