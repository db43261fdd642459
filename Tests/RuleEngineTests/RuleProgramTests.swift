import DomainModel
import RuleEngine
import Testing

@Suite struct RuleProgramTests {
    @Test("a sound rule needs no attention and says what it rests on")
    func sound() throws {
        let conditions = [
            number("AVG_UPLOAD_SPEED", "lt", "1", hours: "3"), number("AVG_DOWNLOAD_SPEED", "lt", "1"),
            #"{"type":"TAGS","operator":"has_any","value":[4,5]}"#, number("LAST_UPLOAD_ACTIVITY_AT", "gt", "5"),
        ]
        let program = RuleProgram(
            .fixture(
                try posted(
                    conditions: conditions.joined(separator: ","),
                    action: #"{"type":"add_tag","tagIds":[9,9,4],"maxItems":3}"#)))
        #expect(program.attention.isEmpty)
        #expect(program.averageHours == 3)
        #expect(program.usesTelemetry)
        #expect(program.referencedTagIDs == [4, 5, 9])
        #expect(program.action == .addTag([9, 4]))
        #expect(program.maxItems == 3)
        #expect(program.intervalMinutes == 30)
        #expect(program.requiredFields == [.totalUploaded, .totalDownloaded, .id])
    }

    @Test(
        "what is not understood is unknown and named",
        arguments: [
            #"{"type":"TRACKER","value":"ubuntu"}"#, #"{"type":"NAME","operator":"matches","value":"u"}"#,
            #"{"type":"STATUS","operator":"not_equals","value":["seeding"]}"#,
            #"{"type":"SEEDS","operator":"lt","value":"5"}"#,
            #"{"type":"AVG_UPLOAD_SPEED","operator":"lt","value":1,"hours":1e12}"#,
            #"{"type":"NEW_THING","operator":"lt","value":1}"#,
            "null", "5", "{}", #"{"type":"TAGS","operator":"eq","value":[1]}"#,
        ])
    func notUnderstood(condition: String) throws {
        let program = try program(condition)
        let item = DownloadItem.fixture { ($0.name, $0.tracker, $0.seeds) = ("ubuntu", "ubuntu", 1) }
        #expect(program.attention.count == 1)
        #expect(
            RuleEvaluator.evaluate(program, items: [item], context: .fixture()) == RuleOutcome(unknown: [0]))
    }

    @Test("stored forms whose meaning is beyond doubt are read")
    func lenient() throws {
        let status = try program(#"{"type":"STATUS","value":"inactive"}"#)
        #expect(status.attention.isEmpty)
        #expect(RuleEvaluator.truth(status, .fixture(), .fixture()) == .yes)
        #expect(try program(number("AVG_UPLOAD_SPEED", "lt", "1", hours: "null")).averageHours == 1)
        var flat = StoredRule.fixture(try posted(conditions: ""))
        flat.conditions = try JSONValue(parsing: "[\(number("SEEDS", "eq", "1")),\(number("PEERS", "eq", "1"))]")
        flat.assetTypes = .null
        let item = DownloadItem.fixture { ($0.seeds, $0.peers) = (1, 1) }
        #expect(RuleEvaluator.evaluate(RuleProgram(flat), items: [item], context: .fixture()).selected == [0])
    }

    @Test("columns of the wrong kind never crash, select nothing and are named")
    func wrongKinds() {
        for value: JSONValue in [.null, .bool(true), .integer(5), .string("x"), .array([.null]), .object([:])] {
            let program = RuleProgram(
                StoredRule(
                    id: RuleID(1), revision: 1, name: "", isEnabled: true, assetTypes: value, trigger: value,
                    conditions: value, action: value))
            #expect(!program.attention.isEmpty)
            #expect(RuleEvaluator.evaluate(program, items: [.fixture()], context: .fixture()).selected.isEmpty)
        }
    }

    @Test("a limit that cannot be read is not taken for no limit")
    func oddLimit() throws {
        let program = RuleProgram(.fixture(try posted(conditions: "", action: #"{"type":"delete","maxItems":"all"}"#)))
        #expect(program.maxItems == 1)
        #expect(program.attention.count == 1)
    }

    @Test("the interval is what is stored, rounded up, or none")
    func interval() throws {
        func minutes(_ trigger: String) throws -> Int? {
            var stored = StoredRule.fixture(try posted(conditions: ""))
            stored.trigger = try JSONValue(parsing: trigger)
            return RuleProgram(stored).intervalMinutes
        }
        #expect(try minutes(#"{"type":"interval","value":45}"#) == 45)
        #expect(try minutes(#"{"type":"interval","value":"45"}"#) == 45)
        #expect(try minutes(#"{"type":"interval","value":30.5}"#) == 31)
        #expect(try minutes(#"{"type":"interval","value":0}"#) == nil)
        #expect(try minutes(#"{"type":"interval"}"#) == nil)
        #expect(try minutes(#"{"type":"cron","value":45}"#) == nil)
    }

    @Test("rules with the same meaning are equal, whatever clients keep in them")
    func definitions() throws {
        func draft(_ condition: String, _ action: String = #"{"type":"delete"}"#) throws -> RuleDraft {
            try RuleValidator.validate(try posted(conditions: condition, action: action)).get()
        }
        let plain = try draft(#"{"type":"AGE","operator":"gt","value":5}"#)
        var renamed = try draft(
            #"{"type":"AGE","operator":"gt","value":5.0,"_key":"x"}"#, #"{"type":"delete","_ui":1}"#)
        (renamed.name, renamed.isEnabled, renamed.metadata) = ("other", false, .bool(true))
        #expect(plain.definitionEquals(renamed))
        #expect(
            plain.definitionEquals(
                StoredRule.fixture(try posted(conditions: #"{"type":"AGE","operator":"gt","value":5}"#))))
        #expect(!plain.definitionEquals(try draft(#"{"type":"AGE","operator":"gte","value":5}"#)))
        #expect(
            !plain.definitionEquals(try draft(#"{"type":"AGE","operator":"gt","value":5}"#, #"{"type":"archive"}"#)))
        #expect(
            !plain.definitionEquals(
                try draft(#"{"type":"AGE","operator":"gt","value":5}"#, #"{"type":"delete","maxItems":1}"#)))
        var other = plain
        other.assetTypes = [.torrent, .usenet]
        #expect(!plain.definitionEquals(other))
        other = plain
        other.trigger = .object(["type": .string("interval"), "value": .integer(60)])
        #expect(!plain.definitionEquals(other))
    }
}
