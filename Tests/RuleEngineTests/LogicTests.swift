import DomainModel
import RuleEngine
import Testing

@Suite struct LogicTests {
    /// Conditions that are true, false and unknown of an item with one seed.
    private static let conditions: [(Truth, String)] = [
        (.yes, number("SEEDS", "eq", "1")), (.no, number("SEEDS", "eq", "2")), (.unknown, number("PEERS", "eq", "1")),
    ]
    private let item = DownloadItem.fixture { $0.seeds = 1 }

    private func joined(_ logic: String, _ left: Truth, _ right: Truth) -> Truth {
        let decisive: Truth = logic == "and" ? .no : .yes
        if left == decisive || right == decisive { return decisive }
        return left == .unknown || right == .unknown ? .unknown : (logic == "and" ? .yes : .no)
    }

    @Test("within a group: all nine pairs", arguments: ["and", "or"])
    func withinGroup(logic: String) throws {
        for (left, first) in Self.conditions {
            for (right, second) in Self.conditions {
                let program = try program("\(first),\(second)", groupOperator: logic)
                #expect(RuleEvaluator.truth(program, item, .fixture()) == joined(logic, left, right))
            }
        }
    }

    @Test("between groups: all nine pairs", arguments: ["and", "or"])
    func betweenGroups(logic: String) throws {
        for (left, first) in Self.conditions {
            for (right, second) in Self.conditions {
                let program = try grouped(logic, "[{\"conditions\":[\(first)]},{\"conditions\":[\(second)]}]")
                #expect(RuleEvaluator.truth(program, item, .fixture()) == joined(logic, left, right))
            }
        }
    }

    @Test("an empty group is false, and a rule without groups or conditions matches nothing")
    func empty() throws {
        let yes = "{\"conditions\":[\(Self.conditions[0].1)]}"
        #expect(RuleEvaluator.truth(try grouped("and", "[]"), item, .fixture()) == .no)
        #expect(RuleEvaluator.truth(try grouped("or", "[{}]"), item, .fixture()) == .no)
        #expect(RuleEvaluator.truth(try grouped("and", "[\(yes),{\"conditions\":[]}]"), item, .fixture()) == .no)
        #expect(RuleEvaluator.truth(try grouped("or", "[\(yes),{\"conditions\":[]}]"), item, .fixture()) == .yes)
    }

    @Test("an unknown logic operator in a stored rule makes it unknown")
    func unknownOperator() throws {
        let group = "[{\"conditions\":[\(Self.conditions[0].1)]}]"
        #expect(RuleEvaluator.truth(try grouped("xor", group), item, .fixture()) == .unknown)
        #expect(
            RuleEvaluator.truth(try program(Self.conditions[0].1, groupOperator: "not"), item, .fixture()) == .unknown)
    }

    private func grouped(_ logic: String, _ groups: String) throws -> RuleProgram {
        guard case .object(var members) = try posted(conditions: "") else { throw NotAnObject() }
        members["groups"] = try JSONValue(parsing: groups)
        members["logicOperator"] = .string(logic)
        return RuleProgram(.fixture(.object(members)))
    }

    private struct NotAnObject: Error {}
}
