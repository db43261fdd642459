import Observability

/// What the supervisor knows about its children, as metrics. Pure but for the figures of the process itself.
enum FleetMetrics {
    static func families(_ status: FleetStatus) -> [MetricFamily] {
        fleet(status) + ProcessMetrics.families()
    }

    /// While a gateway replaces another there are two of that name; the one that serves counts.
    private static func byName(_ children: [FleetStatus.Child]) -> [FleetStatus.Child] {
        children.reduce(into: []) { unique, child in
            guard let index = unique.firstIndex(where: { $0.name == child.name }) else { return unique.append(child) }
            if unique[index].state != "ready" { unique[index] = child }
        }
    }

    static func fleet(_ status: FleetStatus) -> [MetricFamily] {
        let children = byName(status.children)
        return [
            .gauge(
                "torbox_child_up", "1 while the process is ready.", by: "child",
                children.map { ($0.name, $0.state == "ready" ? 1 : 0) }),
            .gauge(
                "torbox_child_quarantined", "1 while the process died too often and is only probed.", by: "child",
                children.map { ($0.name, $0.state == "quarantined" ? 1 : 0) }),
            .counter(
                "torbox_child_restarts_total", "Starts after the first, replacements included.", by: "child",
                children.map { ($0.name, Double($0.restarts)) }),
            .gauge(
                "torbox_child_loop_lag_seconds", "How late a timer of the process fired.", by: "child",
                children.compactMap { child in
                    child.loopLagMilliseconds.map { (child.name, Double($0) / 1_000) }
                }),
            .gauge(
                "torbox_users_quarantined", "Users whom a worker does nothing for at present.",
                Double(children.reduce(0) { $0 + ($1.gauges["users.quarantined"] ?? 0) })),
            .gauge("torbox_workers", "Worker processes by the current slot map.", Double(status.workers)),
            .gauge("torbox_slot_map_epoch", "Version of the slot map.", Double(status.epoch)),
        ]
    }
}
