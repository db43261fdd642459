import ServiceSupport

/// What the running service says about itself. Pure.
enum ServiceFindings {
    static func findings(_ status: FleetStatus) -> [Finding] { [processes(status), overdue(status)] }

    private static func processes(_ status: FleetStatus) -> Finding {
        let absent = status.children.filter { $0.state != "ready" }
        guard !absent.isEmpty else {
            return Finding("service", .ok, "\(status.state), all \(status.children.count) processes are ready")
        }
        let words = absent.map { "\($0.name) is \($0.state)" }.joined(separator: ", ")
        let isBad = absent.contains { $0.state == "quarantined" || $0.state == "hung" }
        return Finding(
            "service", isBad ? .failed : .warning, words,
            fix: "read why: journalctl -u torbox-backend -p warning")
    }

    private static func overdue(_ status: FleetStatus) -> Finding {
        let count = status.children.reduce(0) { $0 + ($1.gauges["polls.overdue"] ?? 0) }
        guard count > 0 else { return Finding("overdue users", .ok, "no user's rules are overdue") }
        return Finding(
            "overdue users", .warning, "the rules of \(count) users were not evaluated within twice their interval",
            fix: "the reasons are in /api/backend/status under pollingScheduler.overdue")
    }
}
