import DomainModel

/// One line of an execution log, read back over REST: what a rule did with one item.
struct DemoEvent: Sendable, Hashable {
    var user: String
    var rule: String
    var action: String
    var item: String
    var outcome: String
    var evidence: String
    var at: String

    init?(user: String, rule: String, _ item: JSONValue) {
        guard let action = item["action"]?.stringValue, let outcome = item["outcome"]?.stringValue else { return nil }
        self.user = user
        self.rule = rule
        self.action = action
        self.outcome = outcome
        self.item = item["name"]?.stringValue ?? item["download_id"]?.stringValue ?? "?"
        evidence = item["evidence"]?.stringValue ?? ""
        at = item["at"]?.stringValue ?? ""
    }

    var isDone: Bool { outcome == "acknowledged" || outcome == "observed" }

    /// One and the same thing done to one and the same item, whatever became of it since.
    var identity: String { [user, rule, action, item, at].joined(separator: "|") }

    /// `Ada: "Stop seeding above ratio 1" stopped seeding Harbour.Documentary.E2, because RATIO 1.2 > 1`
    var sentence: String {
        let verb =
            switch action {
            case "stop_seeding": "stopped seeding"
            case "archive": "archived and deleted"
            case "delete": "deleted"
            case "force_start": "started"
            case "add_tag": "tagged"
            default: action
            }
        let what = isDone ? "\(verb) \(item)" : "did not \(action.replacing("_", with: " ")) \(item) (\(outcome))"
        return "\(user): \"\(rule)\" \(what)" + (evidence.isEmpty ? "" : ", because \(evidence)")
    }
}
