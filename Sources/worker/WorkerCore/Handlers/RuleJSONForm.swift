import DomainModel
import RuleEngine
import UserStore

/// Rules between the REST contract's form and the stored columns.
enum RuleJSONForm {
    /// The columns of a validated rule.
    static func row(of draft: RuleDraft) -> RuleDraftRow {
        RuleDraftRow(
            id: draft.id, name: draft.name, isEnabled: draft.isEnabled,
            assetTypes: JSONColumn.text(draft.assetTypesColumn),
            trigger: JSONColumn.text(draft.trigger), conditions: JSONColumn.text(draft.conditions),
            action: JSONColumn.text(draft.action),
            metadata: draft.metadata.isNull ? nil : JSONColumn.text(draft.metadata))
    }

    /// What the engine compiles. A column that is no JSON becomes null, which the engine reports as needing attention.
    static func stored(_ row: RuleRow) -> StoredRule {
        StoredRule(
            id: row.id, revision: row.revision, name: row.name, isEnabled: row.isEnabled,
            assetTypes: JSONColumn.value(row.assetTypes), trigger: JSONColumn.value(row.trigger),
            conditions: JSONColumn.value(row.conditions),
            action: JSONColumn.value(row.action))
    }

    /// Writes a rule as rest-api 1.6 shows it. Columns are copied as they are: the frontend's private keys come back.
    /// One that is no JSON becomes null, so that a single damaged rule does not hide all others.
    static func write(_ row: RuleRow, to json: inout JSONWriter) {
        json.object {
            $0.member("id", row.id.rawValue)
            $0.member("name", row.name)
            $0.member("enabled", row.isEnabled)
            $0.member("assetTypes", raw: readable(row.assetTypes))
            $0.member("trigger", raw: readable(row.trigger))
            $0.member("action", raw: readable(row.action))
            $0.member("metadata", raw: row.metadata.flatMap(readable))
            $0.member("last_executed_at", row.lastExecutedAt?.sqliteText)
            $0.member("last_evaluated_at", row.lastEvaluatedAt?.sqliteText)
            $0.member("execution_count", row.executionCount)
            $0.member("created_at", row.createdAt.sqliteText)
            $0.member("updated_at", row.updatedAt.sqliteText)
            writeConditions(row.conditions, to: &$0)
            if let attention = row.attention { $0.member("attention", attention) }
            if let reason = row.disabledReason { $0.member("disabled_reason", reason) }
        }
    }

    private static func readable(_ column: String) -> String? { JSONColumn.isReadable(column) ? column : nil }

    /// The column holds `{"groups":…,"logicOperator":…}` as we write it, or a flat list in old files.
    private static func writeConditions(_ column: String, to json: inout JSONWriter) {
        for logic in ["and", "or"] {
            let (head, tail) = ("{\"groups\":", ",\"logicOperator\":\"\(logic)\"}")
            guard column.hasPrefix(head), column.hasSuffix(tail) else { continue }
            let groups = String(column.dropFirst(head.count).dropLast(tail.count))
            guard JSONColumn.isReadable(groups) else { continue }
            json.member("groups", raw: groups)
            json.member("logicOperator", logic)
            return
        }
        let decoded = JSONColumn.value(column)
        let groups: JSONValue =
            decoded["groups"]
            ?? .array([.object(["logicOperator": .string("and"), "conditions": .array(decoded.arrayValue ?? [])])])
        json.member("groups", raw: JSONColumn.text(groups))
        json.member("logicOperator", decoded["logicOperator"]?.stringValue ?? "and")
    }
}
