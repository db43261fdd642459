/// Somebody with a library and rules, for the demo.
struct DemoUser: Sendable {
    var name: String
    var key: String
    var rules: [DemoRule]

    /// `TAG` in a rule stands for the id of the tag that the demo creates.
    static let all = [
        DemoUser(
            name: "Ada", key: "demo-ada-0000-1111-2222-333344445555",
            rules: [
                DemoRule(
                    "Stop seeding above ratio 1", action: #"{"type":"stop_seeding"}"#,
                    conditions: [
                        #"{"type":"STATUS","operator":"is_any_of","value":["seeding"]}"#,
                        #"{"type":"RATIO","operator":"gt","value":1}"#,
                    ]),
                DemoRule(
                    "Tag concerts as music", action: #"{"type":"add_tag","tagIds":[TAG]}"#,
                    conditions: [#"{"type":"NAME","operator":"contains","value":"concert"}"#]),
            ]),
        DemoUser(
            name: "Ben", key: "demo-ben-0000-1111-2222-333344445555",
            rules: [
                DemoRule(
                    "Delete what is stalled", action: #"{"type":"delete"}"#,
                    conditions: [#"{"type":"STATUS","operator":"is_any_of","value":["stalled"]}"#]),
                DemoRule(
                    "Start what waits in the queue", action: #"{"type":"force_start"}"#,
                    conditions: [#"{"type":"STATUS","operator":"is_any_of","value":["queued"]}"#]),
            ]),
        DemoUser(
            name: "Cleo", key: "demo-cleo-000-1111-2222-333344445555",
            rules: [
                DemoRule(
                    "Archive finished concerts", action: #"{"type":"archive"}"#,
                    conditions: [
                        #"{"type":"NAME","operator":"contains","value":"concert"}"#,
                        #"{"type":"STATUS","operator":"is_any_of","value":["completed"]}"#,
                    ]),
                DemoRule(
                    "Delete finished usenet downloads", action: #"{"type":"delete"}"#, asset: "usenet",
                    conditions: [#"{"type":"STATUS","operator":"is_any_of","value":["completed"]}"#]),
            ]),
    ]
}

/// A rule of the demo, as the frontend would post it.
struct DemoRule: Sendable {
    var name: String
    private var action: String
    private var asset: String
    private var conditions: [String]

    init(_ name: String, action: String, asset: String = "torrent", conditions: [String]) {
        self.name = name
        self.action = action
        self.asset = asset
        self.conditions = conditions
    }

    func json(tag: Int64) -> String {
        """
        {"name":"\(name)","enabled":true,"assetTypes":["\(asset)"],"trigger":{"type":"interval","value":30},\
        "logicOperator":"and","groups":[{"logicOperator":"and","conditions":[\(conditions.joined(separator: ","))]}],\
        "action":\(action.replacing("TAG", with: String(tag)))}
        """
    }
}
