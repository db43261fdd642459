import Logging
import Testing

@testable import Observability

@Suite struct RepeatFoldingTests {
    private let folding = RepeatFolding()
    private let start = ContinuousClock.now

    private func line(_ message: String, level: Logger.Level = .error, _ fields: [String: String] = [:]) -> LogLine {
        LogLine(
            level: level, label: "worker 0", message: message,
            fields: fields.sorted { $0.key < $1.key }.map { LogLine.Field(key: $0.key, value: $0.value) })
    }

    /// The written lines' messages, with their count of repeats.
    private func admit(_ line: LogLine, after seconds: Int) -> [String] {
        folding.admit(line, at: start + .seconds(seconds)).map { line in
            let repeated = line.fields.first { $0.key == LogKey.repeated }
            return line.message + (repeated.map { " x\($0.value)" } ?? "")
        }
    }

    @Test("a failure is written at once, then at most every 30 s with the number left out") func folds() {
        #expect(admit(line("down"), after: 0) == ["down"])
        for second in 1..<30 { #expect(admit(line("down", ["duration.ms": "\(second)"]), after: second) == []) }
        #expect(admit(line("down"), after: 30) == ["down x29"])
        #expect(admit(line("down"), after: 31) == [])
    }

    @Test("what was held back comes out with the next line of another kind, once") func flushes() {
        _ = admit(line("down"), after: 0)
        _ = admit(line("down"), after: 1)
        #expect(admit(line("up", level: .info), after: 2) == ["up"])
        #expect(admit(line("up", level: .info), after: 40) == ["down x1", "up"])
        #expect(admit(line("up", level: .info), after: 80) == ["up"])
        #expect(admit(line("down"), after: 81) == ["down"])
    }

    @Test("another user, another message and what is no failure are not folded") func distinct() {
        #expect(admit(line("down", ["user.id": "a"]), after: 0) == ["down"])
        #expect(admit(line("down", ["user.id": "b"]), after: 0) == ["down"])
        #expect(admit(line("broken", ["user.id": "a"]), after: 0) == ["broken"])
        for _ in 0..<3 { #expect(admit(line("ready", level: .notice), after: 1) == ["ready"]) }
    }

    @Test("more kinds than are remembered are written, not lost") func bounded() {
        for number in 0..<1_000 {
            #expect(admit(line("m\(number)"), after: 0) == ["m\(number)"])
        }
        #expect(admit(line("m999"), after: 1) == ["m999"])
    }
}
