import Foundation

/// One measured thing: figures by name, in the order in which they are shown.
struct Row: Sendable {
    var scenario: String
    var what: String
    var figures: [(name: String, value: Double, unit: String)]

    init(_ scenario: String, _ what: String, _ figures: [(name: String, value: Double, unit: String)]) {
        self.scenario = scenario
        self.what = what
        self.figures = figures
    }

    var line: String {
        what + ": " + cells.joined(separator: ", ")
    }

    /// `CPU 1.2 ms` and the like.
    var cells: [String] {
        figures.map { "\($0.name) \(Self.shown($0.value))\($0.unit.isEmpty ? "" : " " + $0.unit)" }
    }

    static func shown(_ value: Double) -> String {
        if value.magnitude >= 1_000 { return String(Int(value.rounded())) }
        return String(format: value.magnitude >= 100 ? "%.0f" : value.magnitude >= 10 ? "%.1f" : "%.2f", value)
    }
}

/// What a whole run found.
struct Report: Sendable {
    var isQuick: Bool
    var workers: Int
    var rows: [Row] = []

    /// For people; each line is one row.
    var table: String {
        let width = rows.map(\.what.count).max() ?? 0
        return rows.map { row in
            let what = row.what.padding(toLength: width, withPad: " ", startingAt: 0)
            return "| \(what) | \(row.cells.joined(separator: " | ")) |"
        }.joined(separator: "\n")
    }

    func write(to path: String) throws {
        let list = rows.map { row -> [String: Any] in
            [
                "scenario": row.scenario, "what": row.what,
                "figures": Dictionary(uniqueKeysWithValues: row.figures.map { ("\($0.name)|\($0.unit)", $0.value) }),
            ]
        }
        let document: [String: Any] = [
            "quick": isQuick, "workers": workers, "processors": ProcessInfo.processInfo.activeProcessorCount,
            "date": ISO8601DateFormatter().string(from: Date()), "rows": list,
        ]
        let data = try JSONSerialization.data(withJSONObject: document, options: [.prettyPrinted, .sortedKeys])
        try data.write(to: URL(fileURLWithPath: path))
    }
}

extension Array where Element == Double {
    /// The middle value; of an even count the mean of the two middle ones; 0 when empty.
    var median: Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        let middle = count / 2
        return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Largest minus smallest, as a share of the median.
    var spread: Double { median == 0 ? 0 : ((self.max() ?? 0) - (self.min() ?? 0)) / median }
}
