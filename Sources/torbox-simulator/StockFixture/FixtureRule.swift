/// A stored rule of a fixture, and what must become of it.
struct FixtureRule: Sendable {
    var name: String
    /// As SQL.
    var enabled = "1"
    var trigger = #"{"type":"interval","value":60}"#
    var conditions: String
    var action = #"{"type":"delete"}"#
    var cooldown = 0
    /// What the columns hold afterwards, where that is not the same.
    var newConditions: String?
    var newTrigger: String?
    /// Words of the reason for which it must be off.
    var off: String?
    /// Findings besides the one about pace.
    var findings: Set<String> = []
    /// Rows in its log that say that it was written anew.
    var isConverted: Bool { newConditions != nil || newTrigger != nil }
}

extension FixtureRule {
    /// What every user has. They mean the same in all versions.
    static func usual(isFlat: Bool) -> [FixtureRule] {
        let ratio = #"{"type":"RATIO","operator":"gt","value":2}"#
        let age = #"{"type":"AGE","operator":"gt","value":72,"_key":"k1"}"#
        func column(_ conditions: String) -> String {
            isFlat
                ? "[\(conditions)]"
                : #"{"logicOperator":"and","groups":[{"logicOperator":"and","conditions":[\#(conditions)]}]}"#
        }
        return [
            FixtureRule(name: "stop above 2", conditions: column(ratio), action: #"{"type":"stop_seeding"}"#),
            FixtureRule(name: "it's old", enabled: "0", conditions: column("\(ratio),\(age)")),
        ]
    }

    /// Rules of the first version: flat, sizes in MiB, no operators for texts and states, everything at every poll.
    static let january: [FixtureRule] = [
        FixtureRule(
            name: "size", conditions: #"[{"type":"FILE_SIZE","operator":"gt","value":2048}]"#,
            newConditions: #"[{"operator":"gt","type":"FILE_SIZE","value":2}]"#, findings: ["rule-unit-converted"]),
        FixtureRule(
            name: "uploaded", conditions: #"[{"type":"TOTAL_UPLOADED","operator":"gte","value":1500}]"#,
            newConditions: #"[{"operator":"gte","type":"TOTAL_UPLOADED","value":1.46484375}]"#,
            findings: ["rule-unit-converted"]),
        FixtureRule(
            name: "preset",
            conditions:
                #"[{"type":"PROGRESS","operator":"lt","value":100},{"type":"AGE","operator":"gt","value":72}]"#,
            off: "held for every download", findings: ["rule-progress-scale"]),
        FixtureRule(
            name: "share", conditions: #"[{"type":"PROGRESS","operator":"gte","value":0.5}]"#,
            newConditions: #"[{"operator":"gte","type":"PROGRESS","value":50}]"#, findings: ["rule-progress-converted"]),
        FixtureRule(
            name: "named", conditions: #"[{"type":"NAME","value":"sample"}]"#,
            newConditions: #"[{"operator":"contains","type":"NAME","value":"sample"}]"#,
            findings: ["rule-operator-filled"]),
        FixtureRule(
            name: "pause", conditions: #"[{"type":"SEEDS","operator":"lt","value":1}]"#, action: #"{"type":"pause"}"#,
            off: "unknown action", findings: ["rule-action-unknown"]),
        FixtureRule(
            name: "null", conditions: #"[{"type":"SEEDS","operator":"lt","value":1}]"#, action: "null",
            off: "action must be an object", findings: ["rule-action-unknown"]),
        FixtureRule(name: "all", conditions: "[]", off: "no conditions", findings: ["rule-empty-conditions"]),
        FixtureRule(
            name: "rests", trigger: #"{"type":"interval","value":5}"#,
            conditions: #"[{"type":"SEEDS","operator":"lt","value":1}]"#, cooldown: 120,
            newTrigger: #"{"type":"interval","value":120}"#, findings: ["rule-cooldown"]),
        FixtureRule(
            name: "text number", conditions: #"[{"type":"SEEDS","operator":"lt","value":"5"}]"#,
            newConditions: #"[{"operator":"lt","type":"SEEDS","value":5}]"#, findings: ["rule-number-read"]),
        FixtureRule(
            name: "states", conditions: #"[{"type":"STATUS","operator":"is_none_of","value":["seeding"]}]"#,
            off: "taken for is_any_of", findings: ["rule-operator-guessed"]),
        FixtureRule(
            name: "off anyway", enabled: "0", conditions: #"[{"type":"PROGRESS","operator":"gt","value":90}]"#,
            findings: ["rule-progress-scale"]),
        FixtureRule(
            name: "stalled", conditions: #"[{"type":"DOWNLOAD_STALLED_TIME","operator":"gt","value":60}]"#,
            findings: ["rule-stall-state"]),
    ]

    /// Rules of a version of which nobody knows what it took units for.
    static let between: [FixtureRule] = [
        FixtureRule(
            name: "flat size", conditions: #"[{"type":"FILE_SIZE","operator":"gt","value":5}]"#,
            off: "MiB", findings: ["rule-unit-unknown"]),
        FixtureRule(
            name: "grouped size", conditions: grouped(#"{"type":"FILE_SIZE","operator":"gt","value":5}"#), off: "MiB",
            findings: ["rule-unit-unknown"]),
        FixtureRule(
            name: "no size", conditions: grouped(#"{"type":"FILE_SIZE","operator":"gt","value":0}"#)),
    ]

    /// Rules of the newest version, with what its page never made but its interface accepted.
    static let newest: [FixtureRule] = [
        FixtureRule(
            name: "grouped size", conditions: grouped(#"{"type":"FILE_SIZE","operator":"gt","value":5}"#)),
        FixtureRule(
            name: "left from January", conditions: #"[{"type":"FILE_SIZE","operator":"gt","value":2048}]"#, off: "MiB",
            findings: ["rule-unit-unknown"]),
        FixtureRule(
            name: "not that state",
            conditions: grouped(#"{"type":"STATUS","operator":"not_equals","value":["seeding"]}"#),
            off: "taken for is_any_of", findings: ["rule-operator-guessed"]),
        FixtureRule(
            name: "not that name", conditions: grouped(#"{"type":"NAME","operator":"not_equals","value":"x"}"#)),
        FixtureRule(
            name: "above a name", conditions: grouped(#"{"type":"NAME","operator":"gt","value":"x"}"#),
            off: "taken for contains", findings: ["rule-operator-guessed"]),
        FixtureRule(
            name: "endless average",
            conditions: grouped(#"{"type":"AVG_DOWNLOAD_SPEED","operator":"lt","value":1,"hours":200}"#),
            off: "168 at most", findings: ["rule-not-understood"]),
        FixtureRule(
            name: "two days",
            conditions: grouped(#"{"type":"AVG_DOWNLOAD_SPEED","operator":"lt","value":1,"hours":48}"#),
            findings: ["rule-average-window"]),
        FixtureRule(
            name: "preset", conditions: grouped(#"{"type":"PROGRESS","operator":"lt","value":100}"#),
            off: "held for every download", findings: ["rule-progress-scale"]),
        FixtureRule(
            name: "share", conditions: grouped(#"{"type":"PROGRESS","operator":"gt","value":0.9}"#),
            newConditions:
                #"{"groups":[{"conditions":[{"operator":"gt","type":"PROGRESS","value":90}],"logicOperator":"and"}],"logicOperator":"and"}"#,
            findings: ["rule-progress-converted"]),
        FixtureRule(
            name: "never or ratio",
            conditions:
                #"{"logicOperator":"or","groups":[{"logicOperator":"and","conditions":[{"type":"SEEDS","operator":"eq","value":"5"}]},{"logicOperator":"and","conditions":[{"type":"RATIO","operator":"gt","value":3}]}]}"#,
            findings: ["rule-never-holds"]),
        FixtureRule(
            name: "gone tag", conditions: grouped(#"{"type":"TAGS","operator":"is_none_of","value":[999]}"#),
            off: "no longer exists: 999", findings: ["rule-tag-gone"]),
        FixtureRule(name: "unreadable", conditions: "{broken", findings: ["rule-never-holds"]),
        FixtureRule(
            name: "perhaps on", enabled: "NULL", conditions: grouped(#"{"type":"SEEDS","operator":"lt","value":1}"#)),
    ]

    private static func grouped(_ condition: String) -> String {
        #"{"logicOperator":"and","groups":[{"logicOperator":"and","conditions":[\#(condition)]}]}"#
    }
}
