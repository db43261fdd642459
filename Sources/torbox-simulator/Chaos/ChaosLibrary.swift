import ServiceHarness
import TorBoxSimulator

/// What an account owns, and which rules it has: simple enough that the checker knows at any moment what holds.
///
/// Names say what may happen to a row: `doomed` may be deleted at any time, `rising` once its ratio was raised,
/// `toggled` may be stopped while its rule is on, `shielded` and `kept` must stay: only a rule that is off, or none, fits them.
enum ChaosLibrary {
    static let doomed = 2
    static let rising = 2

    static func rows() -> [SimulatedItem] {
        (0..<doomed).map { .seeding("doomed.\($0)", ratio: 3) }
            + (0..<rising).map { .seeding("rising.\($0)", ratio: 0.5) }
            + [
                .seeding("toggled.0", ratio: 3), .seeding("shielded.0", ratio: 3), .seeding("kept.0", ratio: 0.5),
                .completed("kept.1"),
            ]
    }

    /// The complete list to post. Rules that were saved before keep their id.
    static func rules(version: Int, isToggleOn: Bool, ids: [String: Int64]) -> [String] {
        [
            rule("ratio", "delete", ids: ids, groups: [[ratioAbove2], [nameHas("doomed"), nameHas("rising")]]),
            rule("off", "delete", isEnabled: false, ids: ids, groups: [[nameHas("shielded")]]),
            rule(
                "toggle", "stop_seeding", isEnabled: isToggleOn, ids: ids,
                groups: [[ratioAbove2], [nameHas("toggled")]]),
            rule("version \(version)", "delete", ids: [:], groups: [[nameHas("no such name")]]),
        ]
    }

    private static let ratioAbove2 = #"{"type":"RATIO","operator":"gt","value":2}"#

    private static func nameHas(_ text: String) -> String {
        #"{"type":"NAME","operator":"contains","value":"\#(text)"}"#
    }

    /// One of each group's conditions has to hold.
    private static func rule(
        _ name: String, _ action: String, isEnabled: Bool = true, ids: [String: Int64], groups: [[String]]
    ) -> String {
        let list = groups.map { #"{"logicOperator":"or","conditions":[\#($0.joined(separator: ","))]}"# }
        return """
            {\(ids[name].map { "\"id\":\($0)," } ?? "")"name":"\(name)","enabled":\(isEnabled),\
            "assetTypes":["torrent"],"trigger":{"type":"interval","value":30},"logicOperator":"and",\
            "groups":[\(list.joined(separator: ","))],"action":{"type":"\(action)"}}
            """
    }
}
