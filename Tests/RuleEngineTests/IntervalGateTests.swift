import DomainModel
import RuleEngine
import Testing

@Suite struct IntervalGateTests {
    @Test(
        "posted minutes are read as a number, floored, and at least 30",
        arguments: [
            ("61", 61), ("61.9", 61), ("\"61.7\"", 61), ("[60]", 60), ("29.9", 30), ("0", 30), ("-5", 30), ("null", 30),
            ("true", 30),
            ("\"\"", 30), ("\"abc\"", 30), ("{}", 30), ("[]", 30), ("[60,1]", 30), ("\" 45 \"", 45), ("\"0x40\"", 64),
            ("\"1e3\"", 1_000), ("\"Infinity\"", 30), ("1e12", 1_000_000_000_000), ("[[90]]", 90), ("[\"90\"]", 90),
        ])
    func normalize(posted: String, minutes: Int) throws {
        #expect(IntervalGate.normalize(try JSONValue(parsing: posted)) == minutes)
    }

    @Test("a missing value becomes 30")
    func missing() {
        #expect(IntervalGate.normalize(nil) == 30)
    }

    @Test("a rule is skipped until its interval has passed, to the millisecond")
    func gate() {
        func isSkipped(_ minutes: Int?, _ millisecondsAgo: Int64?) -> Bool {
            IntervalGate.isSkipped(
                intervalMinutes: minutes, lastEvaluated: millisecondsAgo.map { noon.advanced(byMilliseconds: -$0) },
                now: noon)
        }
        #expect(isSkipped(60, 3_599_999))
        #expect(!isSkipped(60, 3_600_000))
        #expect(isSkipped(1, 1_799_999))
        #expect(!isSkipped(1, 1_800_000))
        #expect(isSkipped(60, -5_000))
        #expect(!isSkipped(60, nil))
        #expect(!isSkipped(nil, 0))
        #expect(!isSkipped(0, 0))
        #expect(isSkipped(.max, 3_600_000))
    }

    @Test("the next due time is the last evaluation plus the interval")
    func nextDue() {
        #expect(IntervalGate.nextDue(intervalMinutes: 60, lastEvaluated: noon) == noon.advanced(bySeconds: 3_600))
        #expect(IntervalGate.nextDue(intervalMinutes: 5, lastEvaluated: noon) == noon.advanced(bySeconds: 1_800))
        #expect(IntervalGate.nextDue(intervalMinutes: nil, lastEvaluated: noon) == nil)
        #expect(IntervalGate.nextDue(intervalMinutes: 60, lastEvaluated: nil) == nil)
    }
}
