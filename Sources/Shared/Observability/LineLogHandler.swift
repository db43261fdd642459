import DomainModel
import Glibc
package import Logging

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

    /// Fields of the event win over the logger's, those over the provider's.
    package func log(event: LogEvent) {
        var fields = metadataProvider?.get() ?? [:]
        fields.merge(metadata) { _, new in new }
        if let error = event.error { fields[LogKey.error] = "\(error)" }
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        let sorted = fields.sorted { $0.key < $1.key }
        let moment = Self.now().iso8601
        switch format {
        case .text: output.write(textLine(moment, event.level, event.message, sorted))
        case .json: output.write(jsonLine(moment, event.level, event.message, sorted))
        }
    }

    private func textLine(
        _ moment: String, _ level: Logger.Level, _ message: Logger.Message,
        _ fields: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        var line = "\(moment) \(level.rawValue) \(label): \(LineText.singleLine("\(message)"))"
        for (key, value) in fields { line += " \(LineText.singleLine(key))=\(LineText.quotedIfNeeded("\(value)"))" }
        return line
    }

    private func jsonLine(
        _ moment: String, _ level: Logger.Level, _ message: Logger.Message,
        _ fields: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        var line = "{\"time\":\"\(moment)\",\"level\":\"\(level.rawValue)\",\"process\":\(LineText.quoted(label))"
        line += ",\"message\":\(LineText.quoted("\(message)"))"
        for (key, value) in fields {
            // An object with one name twice is read differently by every reader.
            let name = Self.fixedNames.contains(key) ? "field." + key : key
            line += ",\(LineText.quoted(name)):\(LineText.quoted("\(value)"))"
        }
        return line + "}"
    }

    private static let fixedNames: Set<String> = ["time", "level", "process", "message"]

    private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
