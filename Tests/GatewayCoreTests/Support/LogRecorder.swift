import Logging
import Observability
import Synchronization

/// Keeps log lines for a test to look at.
final class LogRecorder: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    var logger: Logger {
        let output = LineOutput { [self] line in kept.withLock { $0.append(line) } }
        return Logger(label: "test") { LineLogHandler(label: $0, level: .debug, output: output) }
    }
}
