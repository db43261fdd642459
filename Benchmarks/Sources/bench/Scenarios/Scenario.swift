/// One group of measurements.
struct Scenario: Sendable {
    var name: String
    var run: @Sendable (Lab) async throws -> [Row]
}

enum Scenarios {
    /// Runs only when asked for by name.
    static let soak = Scenario(name: "soak", run: PollScenario.soak)

    static let all: [Scenario] = [
        Scenario(name: "idle", run: StartScenario.idle),
        Scenario(name: "rest", run: RESTScenario.run),
        Scenario(name: "register", run: StartScenario.registration),
        Scenario(name: "polls", run: PollScenario.run),
        Scenario(name: "first-seen", run: PollScenario.firstSeen),
        Scenario(name: "slow-upstream", run: PollScenario.slowUpstream),
        Scenario(name: "rest-while-polling", run: PollScenario.requestsMeanwhile),
        Scenario(name: "workers", run: PollScenario.oneAndTwoWorkers),
        Scenario(name: "restart", run: StartScenario.restart),
        Scenario(name: "recovery", run: StartScenario.recovery),
        Scenario(name: "crowd", run: CrowdScenario.run),
    ]
}

/// Rules as the frontend posts them.
enum BenchRules {
    /// Three that look at every item and match none.
    static let matchingNothing = list([
        rule("ratio", #"{"type":"RATIO","operator":"gt","value":1000000}"#, #"{"type":"delete"}"#),
        rule(
            "stalled",
            #"{"type":"DOWNLOAD_STALLED_TIME","operator":"gt","value":10000000},{"type":"AGE","operator":"gt","value":1}"#,
            #"{"type":"delete"}"#),
        rule("name", #"{"type":"NAME","operator":"contains","value":"matches nothing"}"#, #"{"type":"stop_seeding"}"#),
    ])

    /// Two that delete about 20 of 1,000 generated items (years in their names), and one that matches none.
    static let matchingSome = list([
        rule("2025", #"{"type":"NAME","operator":"contains","value":"2025"}"#, #"{"type":"delete"}"#),
        rule("2024", #"{"type":"NAME","operator":"contains","value":"2024"}"#, #"{"type":"delete"}"#),
        rule("ratio", #"{"type":"RATIO","operator":"gt","value":1000000}"#, #"{"type":"delete"}"#),
    ])

    private static func list(_ rules: [String]) -> String { "{\"rules\":[\(rules.joined(separator: ","))]}" }

    private static func rule(_ name: String, _ conditions: String, _ action: String) -> String {
        """
        {"name":"\(name)","enabled":true,"assetTypes":["torrent"],"trigger":{"type":"interval","value":30},\
        "logicOperator":"and","groups":[{"logicOperator":"and","conditions":[\(conditions)]}],"action":\(action)}
        """
    }
}
