/// ``FleetStatus`` for people.
package enum StatusTable {
    private static let titles = [
        "NAME", "PID", "STATE", "UPTIME", "RESTARTS", "SLOTS", "LAG", "REQUESTS", "POLLS", "OVERDUE",
    ]

    /// A line on the house, then one on each process. `-` stands for what is not known.
    package static func text(_ status: FleetStatus) -> String {
        let rows = [titles] + status.children.map(row)
        let widths = titles.indices.map { column in rows.map(\.[column].count).max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ")
        }
        let head = "\(status.state), pid \(status.pid), \(status.workers) workers, slot map epoch \(status.epoch)"
        return ([head] + lines).joined(separator: "\n")
    }

    private static func row(_ child: FleetStatus.Child) -> [String] {
        [
            child.name, cell(child.pid), child.state, child.uptimeSeconds.map { "\($0)s" } ?? "-", "\(child.restarts)",
            cell(child.slots), child.loopLagMilliseconds.map { "\($0)ms" } ?? "-", cell(child.gauges["requests"]),
            cell(child.gauges["polls.scheduled"]), cell(child.gauges["polls.overdue"]),
        ]
    }

    private static func cell(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "-" }
}
