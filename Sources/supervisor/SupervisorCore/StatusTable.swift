/// ``FleetStatus`` for people.
package enum StatusTable {
    private static let titles = ["NAME", "PID", "STATE", "UPTIME", "RESTARTS", "SLOTS", "LAG"]

    /// A line on the house, one on each process, and one on each quarantined user. `-` stands for what is not known.
    ///
    /// Every gauge that any child checks in with has a column, whatever it is: `POLLS.OVERDUE` is `polls.overdue`.
    package static func text(_ status: FleetStatus) -> String {
        let gauges = Set(status.children.flatMap(\.gauges.keys)).subtracting(["slots"]).sorted()
        let processes = TextTable.lines(
            [titles + gauges.map { $0.uppercased() }] + status.children.map { row($0, gauges) })
        let failure = status.lastFailure.map { ["the latest change failed: \($0)"] } ?? []
        return ([head(status)] + failure + processes + quarantined(status)).joined(separator: "\n")
    }

    private static func head(_ status: FleetStatus) -> String {
        "\(status.state), pid \(status.pid), \(status.workers) workers, slot map epoch \(status.epoch)"
    }

    private static func row(_ child: FleetStatus.Child, _ gauges: [String]) -> [String] {
        [
            child.name, cell(child.pid), child.state, child.uptimeSeconds.map { "\($0)s" } ?? "-", "\(child.restarts)",
            cell(child.slots), child.loopLagMilliseconds.map { "\($0)ms" } ?? "-",
        ] + gauges.map { cell(child.gauges[$0]) }
    }

    private static func quarantined(_ status: FleetStatus) -> [String] {
        guard !status.quarantined.isEmpty else { return [] }
        let rows = status.quarantined.map { [$0.user, $0.worker, $0.reason, $0.until] }
        return [""] + TextTable.lines([["QUARANTINED", "WORKER", "REASON", "UNTIL"]] + rows)
    }

    private static func cell(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "-" }
}
