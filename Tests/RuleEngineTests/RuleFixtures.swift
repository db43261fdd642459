import DomainModel
import RuleEngine

/// Noon of 2026-08-20, UTC: the clock of these tests.
let noon = Timestamp(milliseconds: 1_787_227_200_000)

extension EvaluationContext {
    /// At noon, with what `change` adds.
    static func fixture(_ change: (inout EvaluationContext) -> Void = { _ in }) -> EvaluationContext {
        var context = EvaluationContext(now: noon)
        change(&context)
        return context
    }
}

extension DownloadItem {
    /// A torrent of which nothing is known, with what `change` sets.
    static func fixture(
        id: Int64 = 1, asset: AssetType = .torrent, isQueued: Bool = false,
        _ change: (inout DownloadItem) -> Void = { _ in }
    ) -> DownloadItem {
        var item = DownloadItem(key: ItemKey(asset: asset, isQueued: isQueued, id: id))
        item.isMarkedQueued = isQueued
        change(&item)
        return item
    }
}

/// A rule as a client posts it, from JSON.
func posted(
    conditions: String, groupOperator: String = "and", assetTypes: String = #"["torrent"]"#,
    action: String = #"{"type":"delete"}"#
) throws -> JSONValue {
    try JSONValue(
        parsing: """
            {"name":"r","enabled":true,"assetTypes":\(assetTypes),"trigger":{"type":"interval","value":30},
             "logicOperator":"and","action":\(action),
             "groups":[{"logicOperator":"\(groupOperator)","conditions":[\(conditions)]}]}
            """)
}

extension StoredRule {
    /// The row of a posted rule, without validating it.
    static func fixture(_ posted: JSONValue) -> StoredRule {
        StoredRule(
            id: RuleID(1), revision: 1, name: posted["name"]?.stringValue ?? "",
            isEnabled: posted["enabled"] == .bool(true),
            assetTypes: posted["assetTypes"] ?? .null, trigger: posted["trigger"] ?? .null,
            conditions: .object([
                "logicOperator": posted["logicOperator"] ?? .null, "groups": posted["groups"] ?? .array([]),
            ]), action: posted["action"] ?? .null)
    }
}

/// The program of a rule with these conditions.
func program(_ conditions: String, groupOperator: String = "and", assetTypes: String = #"["torrent"]"#) throws
    -> RuleProgram
{
    RuleProgram(.fixture(try posted(conditions: conditions, groupOperator: groupOperator, assetTypes: assetTypes)))
}

/// What one condition says of one item.
func truth(
    _ condition: String, _ item: DownloadItem = .fixture(), _ context: EvaluationContext = .fixture()
) throws -> Truth {
    RuleEvaluator.truth(try program(condition), item, context)
}

/// A numeric condition as JSON.
func number(_ type: String, _ comparison: String, _ value: String, hours: String? = nil) -> String {
    #"{"type":"\#(type)","operator":"\#(comparison)","value":\#(value)\#(hours.map { ",\"hours\":\($0)" } ?? "")}"#
}

/// A text condition as JSON; `value` must not need escapes.
func text(_ type: String, _ test: String, _ value: String) -> String {
    #"{"type":"\#(type)","operator":"\#(test)","value":"\#(value)"}"#
}
