import ChaosVerdict
import TorBoxSimulator

/// Which rows an account starts with, and which rules its user has: simple enough that it is known at any moment what
/// may be done (see ``RowKind``).
enum ChaosLibrary {
    static let first: [RowKind] = [
        .doomed, .doomed, .toggled, .stopped, .shielded, .airlocked, .guarded, .kept, .kept,
    ]

    /// A row whose rule, if it has one, fits from the beginning when told so.
    static func row(_ kind: RowKind, number: Int, fits: Bool) -> SimulatedItem {
        var row = SimulatedItem.seeding("\(kind.rawValue).\(number)", ratio: fits ? 3 : 0.5)
        row.airlocked = kind == .airlocked
        return row
    }

    /// The complete list to post. Rules that were saved before keep their id.
    static func rules(version: Int, isToggleOn: Bool, ids: [String: Int64]) -> [String] {
        [
            rule("ratio", "delete", [.doomed, .airlocked, .guarded], ids: ids),
            rule("stop", "stop_seeding", [.stopped], ids: ids),
            rule("toggle", "delete", [.toggled], isEnabled: isToggleOn, ids: ids),
        ] + idleRules(version: version, ids: ids)
    }

    /// Those that never do anything: one is off, one fits nothing and carries the version in its name.
    static func idleRules(version: Int, ids: [String: Int64]) -> [String] {
        [
            rule("off", "delete", [.shielded], isEnabled: false, ids: ids),
            rule("version \(version)", "delete", [], ids: [:]),
        ]
    }

    private static func rule(
        _ name: String, _ action: String, _ kinds: [RowKind], isEnabled: Bool = true, ids: [String: Int64]
    ) -> String {
        let names = kinds.isEmpty ? ["no such name"] : kinds.map { "\($0.rawValue)." }
        let conditions = names.map { #"{"type":"NAME","operator":"contains","value":"\#($0)"}"# }
        return """
            {\(ids[name].map { "\"id\":\($0)," } ?? "")"name":"\(name)","enabled":\(isEnabled),\
            "assetTypes":["torrent"],"trigger":{"type":"interval","value":30},"logicOperator":"and",\
            "groups":[{"logicOperator":"and","conditions":[{"type":"RATIO","operator":"gt","value":2}]},\
            {"logicOperator":"or","conditions":[\(conditions.joined(separator: ","))]}],"action":{"type":"\(action)"}}
            """
    }
}
