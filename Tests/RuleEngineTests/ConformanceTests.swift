import DomainModel
import RuleEngine
import Testing

@testable import RuleReplay

@Suite("Recorded cases") struct ConformanceTests {
    @Test("every recorded rule, status and trigger gets the verdict that is expected of us")
    func verdicts() throws {
        guard let lines = ConformanceCases.lines() else {
            print("skipped: no recorded cases beside the package")
            return
        }
        var counts: [String: Int] = [:]
        var failures: [String] = []
        for (index, line) in lines.enumerated() {
            let expected = try JSONValue(parsing: line)
            guard case .output(let text) = EvaluateCommand.run(line: line, number: index + 1) else {
                failures.append("line \(index + 1) is malformed")
                continue
            }
            let verdict = ExpectedVerdict(expected)
            counts[verdict.kind, default: 0] += 1
            if let problem = verdict.problem(with: try JSONValue(parsing: text)) { failures.append(problem) }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(counts): \(failures.prefix(60).joined(separator: "\n"))")
        #expect((counts["rule"] ?? 0) > 0)
    }

    @Test("every recorded interval gate opens and closes as recorded")
    func gates() throws {
        guard let lines = ConformanceCases.lines() else {
            print("skipped: no recorded cases beside the package")
            return
        }
        for line in lines {
            let gate = try JSONValue(parsing: line)
            guard gate["kind"]?.stringValue == "gate", let now = gate["now"]?.integerValue else { continue }
            let isSkipped = IntervalGate.isSkipped(
                trigger: gate["trigger"] ?? .null,
                lastEvaluated: gate["last_evaluated_at"]?.stringValue.flatMap { Timestamp(javaScriptText: $0) },
                now: Timestamp(milliseconds: now))
            #expect(isSkipped == gate["expect_skip"]?.boolValue, "\(gate["id"]?.stringValue ?? "")")
        }
    }

    @Test("a refused rule that is stored all the same never selects more than the recorded backend did")
    func stored() throws {
        guard let lines = ConformanceCases.lines() else {
            print("skipped: no recorded cases beside the package")
            return
        }
        var count = 0
        for line in lines {
            let recorded = try JSONValue(parsing: line)
            guard let most = recorded["stored"] else { continue }
            let replayed = try RuleCase(recorded)
            let outcome = RuleEvaluator.evaluate(
                RuleProgram(.fixture(replayed.posted)), items: replayed.items, context: replayed.context)
            let selected = outcome.selected.map { "\(replayed.items[$0].key)" }
            let allowed = (most.arrayValue ?? []).compactMap(\.stringValue)
            #expect(Set(selected).isSubset(of: allowed), "\(recorded["id"]?.stringValue ?? "")")
            count += 1
        }
        #expect(count > 0)
    }
}
