import DomainModel
import Glibc
import Logging

/// How a ``LogLine`` is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// Entries with fields when standard error goes to systemd's journal, coloured text at a terminal, else text.
    case auto
    /// Readable lines.
    case text
    /// One JSON object a line.
    case json

    /// One line without its end.
    func line(_ line: LogLine, at moment: Timestamp, coloured: Bool = false) -> String {
        switch self {
        case .auto, .text: Self.text(line, moment, coloured: coloured)
        case .json: Self.json(line, moment)
        }
    }

    private static func text(_ line: LogLine, _ moment: Timestamp, coloured: Bool) -> String {
        guard coloured else { return "\(moment.iso8601) \(line.level.rawValue) \(line.label): \(line.readable)" }
        let padding = String(repeating: " ", count: 8 - line.level.rawValue.count)
        let level = "\(TerminalColour.start(line.level))\(line.level.rawValue)\(TerminalColour.end)\(padding)"
        // People at a terminal want the time of day, and the date is today's.
        let time = moment.iso8601.dropFirst("2026-01-01T".count).dropLast()
        return "\(TerminalColour.faint)\(time)\(TerminalColour.end) \(level) \(line.label): \(line.readable)"
    }

    private static func json(_ line: LogLine, _ moment: Timestamp) -> String {
        var text = "{\"time\":\"\(moment.iso8601)\",\"level\":\"\(line.level.rawValue)\""
        text += ",\"process\":\(LineText.quoted(line.label)),\"message\":\(LineText.quoted(line.message))"
        for field in line.fields {
            // An object with one name twice is read differently by every reader.
            let name = fixedNames.contains(field.key) ? "field." + field.key : field.key
            text += ",\(LineText.quoted(name)):\(LineText.quoted(field.value))"
        }
        return text + "}"
    }

    private static let fixedNames: Set<String> = ["time", "level", "process", "message"]
}
