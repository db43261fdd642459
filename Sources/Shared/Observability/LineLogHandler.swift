import DomainModel
import Glibc
package import Logging

/// Writes what is logged to standard error, one line an event, or as entries with fields into systemd's journal.
///
/// Our own because swift-log's stream handler knows neither JSON nor constant field order nor the journal.
package struct LineLogHandler: LogHandler {
    package typealias Format = LogFormat

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let folding: RepeatFolding?
    private let write: @Sendable (LogLine) -> Void

    /// Lines as they come.
    package init(
        label: String, level: Logger.Level = .info, format: Format = .text, output: LineOutput = .standardError
    ) {
        self.init(label: label, level: level, folding: nil) { line in
            output.write(format.line(line, at: .wallClock))
        }
    }

    /// - Parameter folding: shared by all loggers of a process; nil writes every line.
    package init(
        label: String, level: Logger.Level, folding: RepeatFolding?, write: @escaping @Sendable (LogLine) -> Void
    ) {
        self.label = label
        self.folding = folding
        self.write = write
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
        let line = LogLine(
            level: event.level, label: label, message: "\(event.message)",
            fields: fields.sorted { $0.key < $1.key }.map { LogLine.Field(key: $0.key, value: "\($0.value)") })
        guard let folding else { return write(line) }
        for line in folding.admit(line, at: .now) { write(line) }
    }
}

extension Timestamp {
    static var wallClock: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
