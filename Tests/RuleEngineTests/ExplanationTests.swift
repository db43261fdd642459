import DomainModel
import RuleEngine
import Testing

@Suite struct ExplanationTests {
    @Test("the tree shows what was compared and what was observed")
    func tree() throws {
        let conditions = [number("RATIO", "gt", "2"), number("AGE", "lt", "24"), text("NAME", "contains", "b")]
        let item = DownloadItem.fixture { ($0.ratio, $0.name) = (2.3104, "abc") }
        let explanation = RuleEvaluator.explain(
            try program(conditions.joined(separator: ",")), item: item, context: .fixture())
        #expect(explanation.truth == .unknown)
        #expect(explanation.children.map(\.text) == ["and"])
        #expect(
            explanation.children.first?.children.map(\.text)
                == ["RATIO 2.31 > 2", "AGE unknown < 24 h", "NAME \"abc\" contains \"b\""])
        #expect(explanation.children.first?.children.map(\.truth) == [.yes, .unknown, .yes])
    }

    @Test("evidence names the conditions that hold, and is cut at its limit")
    func evidence() throws {
        let conditions = [number("RATIO", "gt", "2"), number("SEEDS", "gt", "2")]
        let item = DownloadItem.fixture { ($0.ratio, $0.seeds) = (3, 1) }
        let explanation = RuleEvaluator.explain(
            try program(conditions.joined(separator: ","), groupOperator: "or"), item: item, context: .fixture())
        #expect(explanation.evidence() == "RATIO 3 > 2")
        #expect(explanation.evidence(limit: 8) == "RATIO...")
        let nothing = RuleEvaluator.explain(try program(number("SEEDS", "gt", "2")), item: item, context: .fixture())
        #expect(nothing.evidence().isEmpty)
    }

    @Test("links, which carry keys, are never shown")
    func secrets() throws {
        let item = DownloadItem.fixture {
            ($0.tracker, $0.originalURL) = ("https://t.example/s3cret", "https://u.example/?key=s3cret")
        }
        let conditions = [text("TRACKER", "contains", "s3cret"), text("ORIGINAL_URL", "contains", "s3cret")]
        let explanation = RuleEvaluator.explain(
            try program(conditions.joined(separator: ",")), item: item, context: .fixture())
        #expect(explanation.truth == .yes)
        #expect(!"\(explanation)".contains("s3cret"))
    }

    @Test("every type can be shown, and the tree agrees with evaluation")
    func everyType() throws {
        let item = DownloadItem.fixture { ($0.seeds, $0.name, $0.isActive) = (1, "a", true) }
        for type in ConditionType.allCases {
            for condition in [
                number(type.rawValue, "lte", "1"), text(type.rawValue, "contains", "a"),
                #"{"type":"\#(type.rawValue)","operator":"is_any_of","value":[1,"downloading"]}"#,
                #"{"type":"\#(type.rawValue)","value":true}"#,
            ] {
                let program = try program(condition)
                let explanation = RuleEvaluator.explain(program, item: item, context: .fixture())
                #expect(explanation.truth == RuleEvaluator.truth(program, item, .fixture()))
                #expect(explanation.children.first?.children.first?.text.hasPrefix(type.rawValue) == true)
            }
        }
    }
}
