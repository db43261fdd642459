import DomainModel
import RuleEngine
import Testing

/// What becomes of rules of the stock backend.
@Suite struct StockRuleReaderTests {
    private func rule(
        _ conditions: String, trigger: String = #"{"type":"interval","value":60}"#,
        action: String = #"{"type":"delete"}"#
    ) throws -> StoredRule {
        StoredRule(
            id: RuleID(1), revision: 1, name: "r", isEnabled: true, assetTypes: .null,
            trigger: try JSONValue(parsing: trigger), conditions: try JSONValue(parsing: conditions),
            action: try JSONValue(parsing: action))
    }

    private func grouped(_ conditions: String) -> String {
        #"{"groups":[{"conditions":[\#(conditions)],"logicOperator":"and"}],"logicOperator":"and"}"#
    }

    private func kinds(_ verdict: StockRuleVerdict) -> Set<StockRuleVerdict.Kind> { Set(verdict.notes.map(\.kind)) }

    @Test(
        "a rule that means the same stays untouched",
        arguments: [
            #"{"type":"RATIO","operator":"gt","value":2}"#, #"{"type":"PROGRESS","operator":"gt","value":0}"#,
            #"{"type":"NAME","operator":"not_contains","value":"x"}"#,
            #"{"type":"FILE_SIZE","operator":"gt","value":5}"#,
            #"{"type":"STATUS","operator":"is_none_of","value":["seeding"]}"#,
            #"{"type":"PRIVATE","operator":"is_true","value":true}"#,
            #"{"type":"TAGS","operator":"is_any_of","value":[1]}"#,
            #"{"type":"TOTAL_DOWNLOADED","operator":"lt","value":100}"#,
            #"{"type":"AVG_UPLOAD_SPEED","operator":"lt","value":1,"hours":6}"#,
        ])
    func same(condition: String) throws {
        let verdict = StockRuleReader.read(try rule(grouped(condition)), origin: .newest)
        #expect(verdict == StockRuleReader.read(try rule(grouped("")), origin: .newest))
        #expect(verdict.notes == [] && verdict.conditions == nil && verdict.trigger == nil)
    }

    @Test("sizes of January are the same sizes in GiB, compared byte by byte")
    func sizes() throws {
        for mebibytes in [1, 700, 1_500, 2_048, 123_457] {
            let flat = #"[{"type":"FILE_SIZE","operator":"gt","value":\#(mebibytes)}]"#
            let verdict = StockRuleReader.read(try rule(flat), origin: .january)
            #expect(kinds(verdict) == [.unitConverted, .pace])
            let value = try #require(verdict.conditions?.arrayValue?.first?["value"]?.doubleValue)
            for bytes in [mebibytes << 20 - 1, mebibytes << 20, mebibytes << 20 + 1] {
                let held = Double(bytes) / 1_048_576 > Double(mebibytes)
                #expect(held == (Double(bytes) / 1_073_741_824 > value), "\(bytes) against \(mebibytes) MiB")
            }
        }
    }

    @Test("a share of 1 is the same share in percent, for every progress that TorBox may send")
    func shares() throws {
        for hundredths in 1...100 {
            let share = Double(hundredths) / 100
            let condition = #"{"type":"PROGRESS","operator":"gte","value":\#(share)}"#
            let verdict = StockRuleReader.read(try rule(grouped(condition)), origin: .newest)
            #expect(kinds(verdict) == [.progressConverted] && verdict.loss == nil)
            let group = verdict.conditions?["groups"]?.arrayValue?.first
            let value = try #require(group?["conditions"]?.arrayValue?.first?["value"]?.doubleValue)
            for sent in stride(from: 0.0, through: 1.0, by: 0.01) + [share, share.nextDown] {
                // What is a hair apart may be the same after the multiplication, and then counts as reached.
                guard sent >= share || sent * 100 < share * 100 else { continue }
                #expect((sent >= share) == (sent * 100 >= value), "\(sent) against \(share)")
            }
        }
    }

    @Test(
        "what held for something there and cannot here is a loss, with a reason",
        arguments: [
            (
                StockRuleOrigin.newest, #"{"type":"PROGRESS","operator":"lt","value":100}"#,
                StockRuleVerdict.Kind.progressScale
            ),
            (.newest, #"{"type":"PROGRESS","operator":"gte","value":90}"#, .progressScale),
            (.between, #"{"type":"FILE_SIZE","operator":"gt","value":5}"#, .unitUnknown),
            (.between, #"{"type":"TOTAL_UPLOADED","operator":"gt","value":5}"#, .unitUnknown),
            (.newest, #"{"type":"STATUS","operator":"not_equals","value":["seeding"]}"#, .operatorGuessed),
            (.newest, #"{"type":"NAME","operator":"gt","value":"x"}"#, .operatorGuessed),
            (.newest, #"{"type":"NAME","operator":"contains","value":5}"#, .notUnderstood),
            (.newest, #"{"type":"AVG_DOWNLOAD_SPEED","operator":"lt","value":1,"hours":169}"#, .notUnderstood),
            (.newest, #"{"type":"AVG_DOWNLOAD_SPEED","operator":"lt","value":1,"hours":-1}"#, .notUnderstood),
            (.newest, #"{"type":"SOMETHING","operator":"lt","value":1}"#, .notUnderstood),
            (.january, #"{"type":"TRACKER","operator":"contains","value":"x"}"#, .notUnderstood),
            (.january, #"{"type":"NAME","operator":"not_contains","value":"x"}"#, .operatorGuessed),
            (.january, #"{"type":"PRIVATE","operator":"is_true","value":true}"#, .operatorGuessed),
        ])
    func losses(origin: StockRuleOrigin, condition: String, kind: StockRuleVerdict.Kind) throws {
        let text = origin == .january ? "[\(condition)]" : grouped(condition)
        let verdict = StockRuleReader.read(try rule(text), origin: origin)
        #expect(kind.isLoss && kinds(verdict).contains(kind), "\(verdict.notes)")
        #expect(verdict.loss?.isEmpty == false)
    }

    @Test(
        "what never held there and does not here is no reason to switch a rule off",
        arguments: [
            #"{"type":"SEEDS","operator":"eq","value":"5"}"#, #"{"type":"SEEDS","value":5}"#,
            #"{"type":"SEEDS","operator":"gt","value":null}"#, #"{"type":"SEEDS","operator":"gt","value":"many"}"#,
            #"{"type":"NAME","operator":"not_equals","value":""}"#,
            #"{"type":"STATUS","operator":"is_any_of","value":null}"#,
            #"{"type":"TAGS","operator":"contains","value":[1]}"#,
            #"{"type":"CACHED","operator":"contains","value":1}"#,
            #"{"type":"CACHED","operator":"eq","value":true}"#,
        ])
    func neverHeld(condition: String) throws {
        let verdict = StockRuleReader.read(try rule(grouped(condition)), origin: .newest)
        #expect(kinds(verdict) == [.neverHolds] && verdict.loss == nil && verdict.conditions == nil, "\(verdict.notes)")
        // The engine agrees: it cannot make the rule act.
        let program = RuleProgram(try rule(grouped(condition)))
        #expect(program.attention.count <= 1)
    }

    @Test(
        "what is written strangely is written plainly",
        arguments: [
            (#"{"type":"SEEDS","operator":"lt","value":"5"}"#, #"{"operator":"lt","type":"SEEDS","value":5}"#),
            (#"{"type":"SEEDS","operator":"lt","value":true}"#, #"{"operator":"lt","type":"SEEDS","value":1}"#),
            (#"{"type":"NAME","value":"x","_key":7}"#, #"{"_key":7,"operator":"contains","type":"NAME","value":"x"}"#),
            (
                #"{"type":"AVG_DOWNLOAD_SPEED","operator":"lt","value":1,"hours":0}"#,
                #"{"hours":1,"operator":"lt","type":"AVG_DOWNLOAD_SPEED","value":1}"#
            ),
        ])
    func rewritten(condition: String, plain: String) throws {
        let verdict = StockRuleReader.read(try rule(grouped(condition)), origin: .newest)
        #expect(verdict.conditions?.compactText == grouped(plain))
        #expect(verdict.loss == nil && verdict.notes.allSatisfy { $0.kind.isConversion })
        let program = RuleProgram(try rule(grouped(plain)))
        #expect(program.attention == [])
    }

    @Test("a size of the newest version that January may have meant is kept and named")
    func doubt() throws {
        let size = grouped(#"{"type":"FILE_SIZE","operator":"gt","value":2048}"#)
        #expect(kinds(StockRuleReader.read(try rule(size), origin: .newest, isOlder: true)) == [.unitDoubt])
        #expect(kinds(StockRuleReader.read(try rule(size), origin: .newest, isOlder: false)) == [])
    }

    @Test("a cooldown longer than the interval becomes the interval; the newest version knew none")
    func cooldowns() throws {
        let one = try rule(
            #"[{"type":"SEEDS","operator":"lt","value":1}]"#, trigger: #"{"type":"interval","value":5,"x":1}"#)
        let january = StockRuleReader.read(one, origin: .january, cooldownMinutes: 120)
        #expect(january.trigger?.compactText == #"{"type":"interval","value":120,"x":1}"#)
        #expect(StockRuleReader.read(one, origin: .january, cooldownMinutes: 30).trigger == nil)
        #expect(StockRuleReader.read(one, origin: .newest, cooldownMinutes: 120).trigger == nil)
    }

    @Test(
        "actions that are gone, and none at all, are losses",
        arguments: [#"{"type":"pause"}"#, #"{"type":"resume"}"#, "null", "{}"])
    func actions(action: String) throws {
        let one = try rule(#"[{"type":"SEEDS","operator":"lt","value":1}]"#, action: action)
        #expect(kinds(StockRuleReader.read(one, origin: .newest)) == [.actionUnknown])
    }

    @Test("without conditions January's version acted on everything, the newest on nothing, as we do")
    func emptyConditions() throws {
        #expect(kinds(StockRuleReader.read(try rule("[]"), origin: .january)).contains(.emptyConditions))
        #expect(StockRuleReader.read(try rule("[]"), origin: .newest).notes == [])
        #expect(StockRuleReader.read(try rule(grouped("")), origin: .newest).notes == [])
    }
}
