import DomainModel
import RuleEngine
import Testing

@Suite struct RuleValidatorTests {
    /// A sound rule with some members replaced; "-" removes one.
    private func rule(_ changes: KeyValuePairs<String, String>) throws -> JSONValue {
        var members = try posted(conditions: number("AGE", "gt", "1")).objectValue ?? [:]
        for (key, value) in changes { members[key] = value == "-" ? nil : try JSONValue(parsing: value) }
        return .object(members)
    }

    private func reasons(_ changes: KeyValuePairs<String, String>) throws -> [String] {
        guard case .failure(let rejection) = RuleValidator.validate(try rule(changes)) else { return [] }
        return rejection.reasons
    }

    private func draft(_ changes: KeyValuePairs<String, String>) throws -> RuleDraft {
        try RuleValidator.validate(try rule(changes)).get()
    }

    @Test("a sound rule becomes its columns, private keys and all")
    func columns() throws {
        let draft = try draft([
            "id": "7", "name": "\" Trim \"", "assetTypes": #"["webdl","torrent","torrent"]"#, "logicOperator": "null",
            "groups": #"[{"_key":"g","conditions":[{"type":"AGE","operator":"gt","value":1,"_key":"c"}]}]"#,
            "trigger": #"{"type":"interval","value":"61.7","x":1}"#, "action": #"{"type":"delete","maxItems":5,"y":2}"#,
            "metadata": #"{"createdAt":1767900000000}"#, "cooldown_minutes": "5",
        ])
        #expect(draft.id == RuleID(7))
        #expect(draft.name == " Trim ")
        #expect(draft.isEnabled)
        #expect(draft.assetTypesColumn.compactText == #"["torrent","webdl"]"#)
        #expect(draft.trigger.compactText == #"{"type":"interval","value":61,"x":1}"#)
        #expect(
            draft.conditions.compactText
                == #"{"groups":[{"_key":"g","conditions":[{"_key":"c","operator":"gt","type":"AGE","value":1}]}],"logicOperator":"and"}"#
        )
        #expect(draft.action.compactText == #"{"maxItems":5,"type":"delete","y":2}"#)
        #expect(draft.metadata.compactText == #"{"createdAt":1767900000000}"#)
    }

    @Test("absent enabled means disabled, absent metadata null, an id that is no whole number none")
    func defaults() throws {
        let draft = try draft(["enabled": "-", "id": "\"7\""])
        #expect(!draft.isEnabled)
        #expect(draft.metadata == .null)
        #expect(draft.id == nil)
    }

    @Test("the first frontend's flat rule becomes one group, for torrents")
    func flat() throws {
        let draft = try draft([
            "groups": "-", "assetTypes": "-", "trigger": "-", "action": "-",
            "conditions": "[\(number("AGE", "gt", "1"))]",
            "trigger_config": #"{"type":"interval","value":5}"#, "action_config": #"{"type":"archive"}"#,
        ])
        #expect(draft.assetTypes == [.torrent])
        #expect(draft.trigger["value"] == .integer(30))
        #expect(draft.conditions["groups"]?.arrayValue?.count == 1)
        #expect(draft.conditions["groups"]?.arrayValue?.first?["logicOperator"] == .string("and"))
    }

    @Test("a flat list joined by or is refused: nobody knows which was meant")
    func flatOr() throws {
        let two = "[\(number("AGE", "gt", "1")),\(number("AGE", "gt", "2"))]"
        #expect(try reasons(["groups": "-", "conditions": two, "logicOperator": "\"or\""]).count == 1)
        #expect(try reasons(["groups": "-", "conditions": two]).isEmpty)
        #expect(try reasons(["conditions": two, "logicOperator": "\"or\""]).isEmpty)
    }

    @Test(
        "what a rule needs is asked for",
        arguments: [
            ("name", "-"), ("name", "\"  \""), ("name", "5"), ("enabled", "\"true\""), ("enabled", "1"),
            ("enabled", "null"),
            ("assetTypes", "-"), ("assetTypes", "[]"), ("assetTypes", "\"torrent\""), ("assetTypes", "[\"floppy\"]"),
            ("assetTypes", "[\"torrent\",5]"), ("trigger", "-"), ("trigger", "null"), ("trigger", "\"interval\""),
            ("trigger", "{}"),
            ("action", "-"), ("action", "{}"), ("action", "\"delete\""), ("action", #"{"type":"pause"}"#),
            ("action", #"{"type":"add_tag"}"#), ("action", #"{"type":"add_tag","tagIds":[]}"#),
            ("action", #"{"type":"remove_tag","tagIds":["1"]}"#), ("action", #"{"type":"add_tag","tagIds":[1.5]}"#),
            ("action", #"{"type":"add_tag","tagIds":[0]}"#), ("action", #"{"type":"delete","maxItems":0}"#),
            ("action", #"{"type":"delete","maxItems":"5"}"#), ("logicOperator", "\"OR\""), ("logicOperator", "5"),
            ("groups", "[null]"), ("groups", "[[]]"), ("groups", #"[{"logicOperator":"not"}]"#),
            ("groups", #"[{"conditions":{}}]"#),
            ("groups", #"[{"conditions":[null]}]"#), ("groups", #"[{"conditions":[{"groups":[]}]}]"#),
        ])
    func refused(key: String, value: String) throws {
        #expect(try reasons([key: value]).count == 1)
    }

    @Test(
        "what may be left out or stay empty is accepted",
        arguments: [
            ("groups", "[]"), ("groups", "null"), ("groups", "-"), ("groups", "[{}]"),
            ("groups", #"[{"conditions":null}]"#),
            ("trigger", #"{"type":"interval"}"#), ("trigger", #"{"type":"cron","value":"x"}"#), ("logicOperator", "-"),
            ("action", #"{"type":"add_tag","tagIds":[1,1]}"#), ("action", #"{"type":"delete","maxItems":null}"#),
            ("metadata", "5"),
        ])
    func accepted(key: String, value: String) throws {
        #expect(try reasons([key: value]).isEmpty)
    }

    @Test(
        "conditions that could never work or would do something else than they say are refused",
        arguments: [
            #"{"type":"AGE","operator":"gt"}"#, #"{"type":"AGE","operator":"gt","value":"5"}"#,
            #"{"type":"AGE","operator":"gt","value":null}"#, #"{"type":"AGE","operator":"gt","value":true}"#,
            #"{"type":"AGE","value":5}"#, #"{"type":"AGE","operator":"contains","value":5}"#,
            #"{"type":"AGE","operator":">","value":5}"#, #"{"type":"AGE","operator":5,"value":5}"#,
            #"{"type":"age","operator":"gt","value":5}"#, #"{"operator":"gt","value":5}"#,
            #"{"type":"NAME","operator":"contains","value":""}"#, #"{"type":"NAME","operator":"contains","value":5}"#,
            #"{"type":"NAME","value":"x"}"#, #"{"type":"TRACKER","operator":"gt","value":"x"}"#,
            #"{"type":"STATUS","operator":"is_any_of","value":"seeding"}"#,
            #"{"type":"STATUS","operator":"eq","value":[]}"#,
            #"{"type":"TAGS","operator":"is_set","value":null}"#, #"{"type":"TAGS","operator":"nonsense","value":[1]}"#,
            #"{"type":"CACHED","operator":"is_true"}"#, #"{"type":"CACHED","operator":"contains","value":true}"#,
            #"{"type":"CACHED","operator":"gt","value":true}"#,
            #"{"type":"AVG_UPLOAD_SPEED","operator":"gt","value":1,"hours":0}"#,
            #"{"type":"AVG_UPLOAD_SPEED","operator":"gt","value":1,"hours":"2"}"#,
            #"{"type":"AVG_UPLOAD_SPEED","operator":"gt","value":1,"hours":null}"#,
            #"{"type":"AVG_UPLOAD_SPEED","operator":"gt","value":1,"hours":168.5}"#,
        ])
    func refusedConditions(condition: String) throws {
        let reasons = try reasons(["groups": #"[{"conditions":[\#(number("AGE", "gt", "1")),\#(condition)]}]"#])
        #expect(reasons.count == 1)
        #expect(reasons.first?.hasPrefix("group 1, condition 2: ") == true)
    }

    @Test(
        "conditions that fit are accepted",
        arguments: [
            #"{"type":"AVG_UPLOAD_SPEED","operator":"gt","value":0.5,"hours":168}"#,
            #"{"type":"STATUS","value":["nonsense"]}"#,
            #"{"type":"CACHED","operator":"is_true","value":null}"#, #"{"type":"CACHED","value":null}"#,
            #"{"type":"TAGS","operator":"is_not_set","value":[]}"#, #"{"type":"TAGS","value":[1]}"#,
            #"{"type":"AGE","operator":"lt","value":-1.5,"hours":"ignored"}"#,
        ])
    func acceptedConditions(condition: String) throws {
        #expect(try reasons(["groups": #"[{"conditions":[\#(condition)]}]"#]).isEmpty)
    }

    @Test("all reasons are given at once")
    func allReasons() throws {
        let reasons = try reasons(["name": "-", "trigger": "-", "action": "{}", "groups": "[null]"])
        #expect(reasons.count == 4)
        #expect(RuleValidator.validate(.array([])) == .failure(RuleRejection(reasons: ["rule must be an object"])))
    }

    @Test(
        "conditions and actions for torrents only are refused for other asset types",
        arguments: [#"["usenet"]"#, #"["torrent","webdl"]"#])
    func assetTypes(assetTypes: String) throws {
        for type in ConditionType.allCases where type.isTorrentOnly && type != .tracker {
            let condition =
                type == .seedingEnabled || type == .longTermSeeding || type == .isPrivate
                ? #"{"type":"\#(type.rawValue)","operator":"is_true","value":true}"# : number(type.rawValue, "gt", "1")
            #expect(try reasons(["assetTypes": assetTypes, "groups": #"[{"conditions":[\#(condition)]}]"#]).count == 1)
            #expect(try reasons(["groups": #"[{"conditions":[\#(condition)]}]"#]).isEmpty)
        }
        #expect(try reasons(["assetTypes": assetTypes, "action": #"{"type":"archive"}"#]).count == 1)
        #expect(try reasons(["assetTypes": assetTypes, "action": #"{"type":"stop_seeding"}"#]).count == 1)
        #expect(try reasons(["assetTypes": assetTypes, "action": #"{"type":"force_start"}"#]).isEmpty)
        #expect(ConditionType.allCases.filter(\.isTorrentOnly).count == 18)
        #expect(ConditionType.allCases.count == 33)
    }

    @Test("the number of conditions is bounded")
    func bounded() throws {
        let one = number("AGE", "gt", "1")
        func groups(_ count: Int) -> String {
            #"[{"conditions":[\#(Array(repeating: one, count: count).joined(separator: ","))]}]"#
        }
        #expect(try reasons(["groups": groups(RuleValidator.maximumConditions)]).isEmpty)
        #expect(try reasons(["groups": groups(RuleValidator.maximumConditions + 1)]).count == 1)
    }

    @Test("a rule that is stored already does not block saving as long as it is unchanged")
    func unchanged() throws {
        let odd = try posted(conditions: #"{"type":"TRACKER","value":"x"}"#)
        let stored = StoredRule.fixture(odd)
        #expect(throws: RuleRejection.self) { try RuleValidator.validate(odd).get() }
        var members = odd.objectValue ?? [:]
        members["enabled"] = .bool(false)
        #expect(try RuleValidator.validate(.object(members), unchangedFrom: stored).get().isEnabled == false)
        members["action"] = .object(["type": .string("archive")])
        #expect(throws: RuleRejection.self) {
            try RuleValidator.validate(.object(members), unchangedFrom: stored).get()
        }
    }
}
