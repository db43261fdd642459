import Logging
import Observability
import Synchronization

/// Log lines to look at.
final class RecordedLog: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    /// Lines with all of the given words.
    func count(_ words: String...) -> Int {
        lines.count { line in words.allSatisfy { line.contains($0) } }
    }

    var logger: Logger {
        let output = LineOutput { [self] line in recorded.withLock { $0.append(line) } }
        return Logger(label: "test") { LineLogHandler(label: $0, level: .debug, output: output) }
    }
}
