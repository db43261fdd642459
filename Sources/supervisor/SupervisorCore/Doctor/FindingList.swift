import Foundation
package import ServiceSupport

/// The findings as they are shown: numbered, worst words first in each line.
package enum FindingList {
    private struct Numbered: Encodable {
        var number: Int
        var name: String
        var state: Finding.State
        var detail: String
        var fix: String?
    }

    /// ` 3 ok       disk: 10 MiB are free`, and below it what to do.
    package static func text(_ findings: [Finding]) -> String {
        let lines = numbered(findings).flatMap { finding in
            let number = String(repeating: " ", count: max(0, 2 - "\(finding.number)".count)) + "\(finding.number)"
            let state = finding.state.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
            let line = "\(number) \(state) \(finding.name): \(finding.detail)"
            return [line] + (finding.fix.map { ["            -> \($0)"] } ?? [])
        }
        return (lines + [summary(findings)]).joined(separator: "\n")
    }

    package static func json(_ findings: [Finding]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(numbered(findings)), as: UTF8.self)
    }

    /// 0 when nothing failed, else 1.
    package static func exitCode(_ findings: [Finding]) -> Int32 {
        findings.contains { $0.state == .failed } ? ExitCode.unhealthy : ExitCode.stopped
    }

    private static func numbered(_ findings: [Finding]) -> [Numbered] {
        findings.enumerated().map { index, finding in
            Numbered(
                number: index + 1, name: finding.name, state: finding.state, detail: finding.detail, fix: finding.fix)
        }
    }

    private static func summary(_ findings: [Finding]) -> String {
        let failed = findings.count { $0.state == .failed }
        let warnings = findings.count { $0.state == .warning }
        return failed + warnings == 0 ? "all is well" : "\(failed) failed, \(warnings) to look at"
    }
}
