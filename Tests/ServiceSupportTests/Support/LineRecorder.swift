import Logging
import Observability
import Synchronization

/// Keeps the lines that a logger writes.
final class LineRecorder: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    /// A logger whose lines end up here.
    func logger(_ format: LineLogHandler.Format, provider: Logger.MetadataProvider? = nil) -> Logger {
        let output = LineOutput { [self] line in recorded.withLock { $0.append(line) } }
        return Logger(label: "worker-0") { label in
            var handler = LineLogHandler(label: label, level: .trace, format: format, output: output)
            handler.metadataProvider = provider
            return handler
        }
    }
}
