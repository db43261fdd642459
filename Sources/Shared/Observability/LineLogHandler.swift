import DomainModel
import Glibc
package import Logging
import Synchronization

/// Writes one line an event to standard error: readable text, or a JSON object with `LOG_FORMAT=json`.
///
/// Our own because swift-log's stream handler knows neither JSON nor constant field order.
package struct LineLogHandler: LogHandler {
    package enum Format: String, Sendable, CaseIterable { case text, json }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: Format
    private let output: LineOutput

    package init(
        label: String, level: Logger.Level = .info, format: Format = .text, output: LineOutput = .standardError
    ) {
        self.label = label
        self.format = format
        self.output = output
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let moment = Self.now().iso8601
        switch format {
        case .text: output.write(textLine(moment, event.level, event.message, fields))
        case .json: output.write(jsonLine(moment, event.level, event.message, fields))
        }
    }

    private func textLine(
        _ moment: String, _ level: Logger.Level, _ message: Logger.Message,
        _ fields: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        var line = "\(moment) \(level.rawValue) \(label): \(Self.singleLine("\(message)"))"
        for (key, value) in fields { line += " \(key)=\(Self.quotedIfNeeded("\(value)"))" }
        return line
    }

    private func jsonLine(
        _ moment: String, _ level: Logger.Level, _ message: Logger.Message,
        _ fields: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        var line = "{\"time\":\"\(moment)\",\"level\":\"\(level.rawValue)\",\"process\":\(Self.jsonText(label))"
        line += ",\"message\":\(Self.jsonText("\(message)"))"
        for (key, value) in fields { line += ",\(Self.jsonText(key)):\(Self.jsonText("\(value)"))" }
        return line + "}"
    }

    private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    private static func singleLine(_ text: String) -> String {
        text.contains(where: \.isNewline) ? text.split(whereSeparator: \.isNewline).joined(separator: " | ") : text
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        text.isEmpty || text.contains(where: { $0 == " " || $0 == "\"" || $0.isNewline }) ? jsonText(text) : text
    }

    private static func jsonText(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Where log lines go, one whole line at a time.
package final class LineOutput: Sendable {
    package static let standardError = LineOutput { line in
        line.withCString { text in
            // One write call for a line: lines of several threads and processes do not mix.
            _ = Glibc.write(STDERR_FILENO, text, strlen(text))
        }
    }

    private let sink: @Sendable (String) -> Void
    private let lock = Mutex(())

    package init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

    func write(_ line: String) { lock.withLock { _ in sink(line + "\n") } }
}
