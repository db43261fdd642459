import Foundation
import Logging
import Observability
import Testing

@Suite struct LineLogHandlerTests {
    private let recorder = LineRecorder()

    /// The last line without its moment and its line end.
    private func textAfterMoment() throws -> String {
        let line = try #require(recorder.lines.last)
        #expect(line.hasSuffix("\n"))
        return String(line.dropFirst("2026-01-02T03:04:05.678Z ".count).dropLast())
    }

    private func object() throws -> [String: String] {
        let line = try #require(recorder.lines.last)
        return try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    }

    @Test("a text line has moment, level, process, message and sorted fields")
    func text() throws {
        recorder.logger(.text).notice("child restarted", metadata: ["child.id": "worker-3", "attempt": "2"])
        #expect(try textAfterMoment() == "notice worker-0: child restarted attempt=2 child.id=worker-3")
        let line = try #require(recorder.lines.last)
        #expect(line.prefixMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /#) != nil)
    }

    @Test("a JSON line is one object with the same")
    func json() throws {
        recorder.logger(.json).error("cannot poll", metadata: ["user.id": "d16fab01"])
        let line = try #require(recorder.lines.last)
        #expect(line.hasPrefix("{\"time\":\"") && line.hasSuffix("}\n"))
        var fields = try object()
        #expect(fields.removeValue(forKey: "time")?.count == 24)
        #expect(
            fields == ["level": "error", "process": "worker-0", "message": "cannot poll", "user.id": "d16fab01"])
    }

    @Test(
        "odd text stays one line and comes back from JSON as it was",
        arguments: [
            "", " ", "two words", "a\"b", "back\\slash", "line\nbreak", "carriage\r\nreturn", "tab\t", "nul\u{0}byte",
            "\u{1B}[31mred", "\u{7F}", "\u{85}\u{2028}\u{2029}", "é ü 漢字 🧲", "space\u{20}\u{301}", "quote\"\u{301}",
        ])
    func oddText(value: String) throws {
        recorder.logger(.json).info("odd", metadata: ["value": "\(value)"])
        #expect(try object()["value"] == value)
        recorder.logger(.text).info("odd", metadata: ["value": "\(value)", "zz": "last"])
        let line = try textAfterMoment()
        #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
        #expect(!line.contains { $0.isNewline })
        let shown = try #require(line.wholeMatch(of: #/info worker-0: odd value=(.*) zz=last/#)).1
        let read = shown.hasPrefix("\"") ? try JSONDecoder().decode(String.self, from: Data(shown.utf8)) : String(shown)
        #expect(read == value)
    }

    @Test("a text value with a space, quote, line end or control character is quoted")
    func quoting() throws {
        recorder.logger(.text).info("m", metadata: ["a": "x y", "b": "x\u{0}y", "c": "plain", "d": "", "e": "x\\y"])
        #expect(try textAfterMoment() == #"info worker-0: m a="x y" b="x\u0000y" c=plain d="" e=x\y"#)
    }

    @Test("a message with line ends or control characters cannot forge another line")
    func message() throws {
        recorder.logger(.text).info("first\nsecond\u{1B}[2J\u{0}")
        #expect(try textAfterMoment() == #"info worker-0: first\nsecond\u001b[2J\u0000"#)
        #expect(recorder.lines.count == 1)
    }

    @Test("fields of the call win over the logger's, those over the provider's")
    func precedence() throws {
        var logger = recorder.logger(.json, provider: .init { ["a": "provider", "b": "provider", "c": "provider"] })
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "b"] = "logger"
        logger.info("m", metadata: ["a": "call"])
        let fields = try object()
        #expect([fields["a"], fields["b"], fields["c"]] == ["call", "logger", "provider"])
    }

    @Test("a field that has the name of a fixed one is written beside it, not twice")
    func reservedNames() throws {
        recorder.logger(.json).info("m", metadata: ["message": "mine", "level": "9", "time": "now", "process": "p"])
        let fields = try object()
        #expect(fields["message"] == "m" && fields["level"] == "info" && fields["process"] == "worker-0")
        #expect(fields["field.message"] == "mine" && fields["field.level"] == "9" && fields["field.process"] == "p")
        let line = try #require(recorder.lines.last)
        #expect(line.components(separatedBy: "\"message\":").count == 2)
    }

    @Test("an error handed to the logger is a field")
    func error() throws {
        struct Broken: Error, CustomStringConvertible { var description: String { "file is not a database" } }
        recorder.logger(.json).error("cannot open", error: Broken())
        #expect(try object()["error"] == "file is not a database")
    }

    @Test("below its level a logger writes nothing")
    func level() {
        var logger = recorder.logger(.text)
        logger.logLevel = .warning
        logger.info("quiet")
        #expect(recorder.lines.isEmpty)
    }

    @Test("lines of many tasks do not mix")
    func whole() async {
        let logger = recorder.logger(.text)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<64 { group.addTask { logger.info("line", metadata: ["count": "\(number)"]) } }
        }
        #expect(recorder.lines.count == 64)
        #expect(recorder.lines.allSatisfy { $0.contains(" info worker-0: line count=") && $0.hasSuffix("\n") })
    }
}
