import Synchronization

/// Counts of what was done and seen, by section and name, for the table at the end.
package final class ChaosTally: Sendable {
    package enum Section: String, Sendable, CaseIterable {
        case faults = "Faults at TorBox (times struck)"
        case disturbances = "Done to the service"
        case requests = "Requests"
        case failures = "Attempts that failed"
        case actions = "Actions at TorBox"
        case verified = "Verified at the end"
        case warnings = "What the service warned of"
    }

    private let counts = Mutex<[Section: [String: Int]]>([:])

    package init() {}

    package func count(_ section: Section, _ name: String, by amount: Int = 1) {
        guard amount != 0 else { return }
        counts.withLock { $0[section, default: [:]][name, default: 0] += amount }
    }

    package func count(of name: String, in section: Section) -> Int {
        counts.withLock { $0[section]?[name] ?? 0 }
    }

    /// All counts of a section together.
    package func total(_ section: Section) -> Int { counts.withLock { $0[section]?.values.reduce(0, +) ?? 0 } }

    /// A heading for each section, under it a line for each name, the counts in one column.
    package var table: String {
        let counts = counts.withLock { $0 }
        let width = counts.values.flatMap(\.keys).map(\.count).max() ?? 0
        return Section.allCases.compactMap { section in
            counts[section].map { names in
                let lines = names.sorted { $0.key < $1.key }.map { name, count in
                    "  " + name + String(repeating: " ", count: width - name.count) + Self.column(count)
                }
                return ([section.rawValue] + lines).joined(separator: "\n")
            }
        }.joined(separator: "\n")
    }

    private static func column(_ count: Int) -> String {
        let text = String(count)
        return String(repeating: " ", count: max(1, 10 - text.count)) + text
    }
}
