import DomainModel
import Foundation
import NIOCore
import RuleEngine
import Testing
import UserStore

@testable import WorkerCore

@Suite struct RuleJSONFormTests {
    @Test("columns come back as they were stored, the editor's private keys and odd numbers included") func verbatim()
        throws
    {
        let row = RuleRow.fixture {
            $0.conditions = #"{"groups":[{"_key":"k1","x": 1.10}],"logicOperator":"or"}"#
            $0.action = #"{"type":"add_tag","tagIds":[1],"_note":"é"}"#
            $0.metadata = #"{"z":12345678901234567890,"a":1e2}"#
        }
        let text = written(row)
        #expect(text.contains(#""groups":[{"_key":"k1","x": 1.10}],"logicOperator":"or""#))
        #expect(text.contains(#""action":{"type":"add_tag","tagIds":[1],"_note":"é"}"#))
        #expect(text.contains(#""metadata":{"z":12345678901234567890,"a":1e2}"#))
        #expect(try object(row)["logicOperator"] == .string("or"))
    }

    @Test("all members of the contract are there, with nulls where nothing is known") func members() throws {
        let members = try object(.fixture())
        #expect(
            Set(members.keys) == [
                "id", "name", "enabled", "assetTypes", "trigger", "action", "metadata", "last_executed_at",
                "last_evaluated_at", "execution_count", "created_at", "updated_at", "groups", "logicOperator",
            ])
        #expect(members["created_at"] == .string("2026-08-20 12:00:00"))
        #expect(members["last_executed_at"] == .null)
        #expect(members["metadata"] == .null)
        let noted = try object(
            .fixture {
                $0.attention = "look"; $0.disabledReason = "because"
            })
        #expect(noted["attention"] == .string("look"))
        #expect(noted["disabled_reason"] == .string("because"))
    }

    @Test("a column in stock's order of members is read as well") func stockOrder() throws {
        let members = try object(.fixture { $0.conditions = #"{"logicOperator":"or","groups":[{"conditions":[]}]}"# })
        #expect(members["logicOperator"] == .string("or"))
        #expect(members["groups"] == .array([.object(["conditions": .array([])])]))
    }

    @Test("a flat list of the first versions becomes one group of all its conditions") func legacy() throws {
        let members = try object(.fixture { $0.conditions = #"[{"type":"RATIO","operator":"gt","value":2}]"# })
        let condition = JSONValue.object(["type": .string("RATIO"), "operator": .string("gt"), "value": .integer(2)])
        #expect(
            members["groups"]
                == .array([.object(["logicOperator": .string("and"), "conditions": .array([condition])])]))
        #expect(members["logicOperator"] == .string("and"))
    }

    @Test(
        "whatever a column holds, the answer is JSON and the other rules are still readable",
        arguments: [
            "", "no json", "{", #"{"groups":[,"logicOperator":"and"}"#, "null", "[]", "1", #""x""#, "{}",
            #"{"groups":[]},"logicOperator":"and"}"#, #"{"groups":7,"logicOperator":"and"}"#,
        ])
    func oddColumns(column: String) throws {
        for place in 0..<5 {
            let members = try object(
                .fixture {
                    switch place {
                    case 0: $0.conditions = column
                    case 1: $0.action = column
                    case 2: $0.trigger = column
                    case 3: $0.assetTypes = column
                    default: $0.metadata = column
                    }
                })
            #expect(members["id"] == .integer(1))
            #expect(members["name"] == .string("rule 1"))
            #expect(members.count == 14)
        }
    }

    @Test("an unreadable column is null for the engine, which then does nothing") func storedUnreadable() {
        let stored = RuleJSONForm.stored(
            .fixture {
                $0.conditions = "{"; $0.action = ""
            })
        #expect(stored.conditions == .null)
        #expect(stored.action == .null)
    }

    private func written(_ row: RuleRow) -> String {
        var json = JSONWriter()
        RuleJSONForm.write(row, to: &json)
        return String(buffer: json.buffer)
    }

    private func object(_ row: RuleRow) throws -> [String: JSONValue] {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(written(row).utf8))
        return try #require(value.objectValue)
    }
}
