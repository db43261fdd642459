import RuleReplay
import Testing

@Suite struct EvaluateCommandTests {
    private let rule = #"""
        {"name":"r","enabled":true,"assetTypes":["torrent"],"trigger":{"type":"interval","value":30},"logicOperator":"and",
         "groups":[{"logicOperator":"and","conditions":[{"type":"SEEDS","operator":"lt","value":3}]}],
         "action":{"type":"add_tag","tagIds":[1]}}
        """#

    @Test("a rule case names what is selected, what the action is for, and what is unknown")
    func rules() {
        let line = #"""
            {"id":"a-1","kind":"rule","now":1787227200000,"rule":\#(rule),"tags":[[2,1]],
             "mylist":{"torrent":[{"id":1,"seeds":1},{"id":2,"seeds":2},{"id":3},{"id":4,"seeds":9}],"usenet":[{"id":9,"seeds":0}]},
             "queued":{"torrent":[{"id":7,"seeds":0},{"id":1,"seeds":0}]}}
            """#
        #expect(
            EvaluateCommand.run(line: line, number: 1)
                == .output(
                    #"{"id":"a-1","selected":["torrent:1","torrent:2","torrent:7"],"targets":["torrent:1","torrent:7"],"unknown":["torrent:3"]}"#
                ))
    }

    @Test("a rule that is refused says why")
    func rejected() {
        let line = #"{"id":"a-2","kind":"rule","now":1,"rule":{"name":"x"},"mylist":{}}"#
        guard case .output(let text) = EvaluateCommand.run(line: line, number: 1) else {
            Issue.record("no output")
            return
        }
        #expect(
            text.contains(#""rejected":"assetTypes must be a non-empty list; trigger is missing; action is missing""#))
    }

    @Test("the other kinds have their own answers")
    func kinds() {
        func run(_ line: String) -> EvaluateLine { EvaluateCommand.run(line: line, number: 1) }
        #expect(
            run(#"{"id":"s","kind":"status","items":[{"active":"true"},{},{"status":"Queued"},null]}"#)
                == .output(#"{"id":"s","statuses":["downloading","inactive","queued","inactive"]}"#))
        #expect(
            run(#"{"id":"n","kind":"normalize","trigger":{"type":"interval","value":"61.7"}}"#)
                == .output(#"{"accepted":true,"id":"n","value":61}"#))
        #expect(
            run(#"{"id":"n","kind":"normalize","trigger":"x"}"#)
                == .output(#"{"accepted":false,"id":"n","value":null}"#))
        #expect(run(#"{"id":"t","kind":"timeline"}"#) == .output(#"{"id":"t","skipped":"timeline"}"#))
    }

    @Test(
        "a line that is no case is malformed and named",
        arguments: [
            "{", "[]", "5", #"{"kind":"rule"}"#, #"{"id":"a"}"#, #"{"id":"a","kind":"rule","now":1}"#,
            #"{"id":"a","kind":"rule","rule":{}}"#, #"{"id":"a","kind":"rule","rule":{},"now":1,"mylist":[]}"#,
            #"{"id":"a","kind":"rule","rule":{},"now":1,"mylist":{"torrent":{}}}"#, #"{"id":"a","kind":"status"}"#,
            #"{"id":"a","kind":"normalize"}"#,
        ])
    func malformed(line: String) {
        guard case .malformed(let message) = EvaluateCommand.run(line: line, number: 12) else {
            Issue.record("not malformed")
            return
        }
        #expect(message.hasPrefix("line 12: "))
    }

    @Test("the driver goes on after a malformed line and ends with 65")
    func driver() {
        var lines: [[UInt8]] = ["{\"id\":1,\"kind\":\"x\"}", "  ", "nonsense", "{\"id\":2,\"kind\":\"y\"}"].map {
            Array($0.utf8)
        }
        var (outputs, reports): ([String], [String]) = ([], [])
        let code = EvaluateDriver.run(
            nextLine: { lines.isEmpty ? nil : lines.removeFirst() }, output: { outputs.append($0) },
            report: { reports.append($0) })
        #expect(code == 65)
        #expect(outputs == [#"{"id":1,"skipped":"x"}"#, #"{"id":2,"skipped":"y"}"#])
        #expect(reports == ["line 3: unexpected character at byte 0"])
        #expect(EvaluateDriver.run(nextLine: { nil }, output: { _ in }, report: { _ in }) == 0)
    }

    @Test("no damage to a line makes it crash")
    func damage() {
        var generator = SplitMix(state: 3)
        let line = Array(
            #"{"id":"a","kind":"rule","now":1,"rule":\#(rule),"mylist":{"torrent":[{"id":1,"seeds":1}]}}"#.utf8)
        var malformed = 0
        for _ in 0..<1_000 {
            var bytes = line
            bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            if case .malformed = EvaluateCommand.run(line: bytes, number: 1) { malformed += 1 }
        }
        #expect((1..<1_000).contains(malformed))
    }
}

/// A small generator with a fixed start, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
