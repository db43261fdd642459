/// ``FleetStatus`` in one line, as `systemctl status` shows it.
enum StatusLine {
    /// `serving: 2 of 2 workers ready, gateway ready; 12 users, 0 polls overdue, 1 restart`
    static func text(_ status: FleetStatus) -> String {
        let workers = status.children.filter { $0.slots != nil }
        let ready = workers.count { $0.state == "ready" }
        let gateway = status.children.first { $0.slots == nil }?.state ?? "waiting"
        var parts = [count(sum("users", workers), "user"), "\(sum("polls.overdue", workers)) polls overdue"]
        parts.append(count(status.children.reduce(0) { $0 + Int64($1.restarts) }, "restart"))
        let quarantined = status.children.count { $0.state == "quarantined" }
        if quarantined > 0 { parts.append("\(quarantined) quarantined") }
        let users = sum("users.quarantined", workers)
        if users > 0 { parts.append("\(count(users, "user")) quarantined") }
        return "\(status.state): \(ready) of \(workers.count) workers ready, gateway \(gateway); "
            + parts.joined(separator: ", ")
    }

    private static func sum(_ gauge: String, _ children: [FleetStatus.Child]) -> Int64 {
        children.reduce(0) { $0 + ($1.gauges[gauge] ?? 0) }
    }

    private static func count(_ number: Int64, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
