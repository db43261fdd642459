import Synchronization

/// What the service printed: the newest lines, and all that tell of an end that nobody asked for.
final class ServiceJournal: Sendable {
    private struct State {
        var lines: [String] = []
        var errors: [String] = []
        var crashes: [String] = []
    }

    private let state = Mutex(State())
    private static let keptLines = 4_000
    private static let keptErrors = 400

    /// Signals that only a fault of the program itself sends, and the exit code for a bug.
    private static let marks = [4, 5, 7, 8, 11].map { "signal \($0)" } + ["exit code 70"]

    var lines: [String] { state.withLock(\.lines) }
    /// The newest lines of the levels error and critical.
    var errors: [String] { state.withLock { Array($0.errors.suffix(Self.keptErrors)) } }
    var crashes: [String] { state.withLock(\.crashes) }

    func keep(_ line: String) {
        state.withLock { state in
            state.lines.append(line)
            if state.lines.count > 2 * Self.keptLines { state.lines.removeFirst(Self.keptLines) }
            if line.contains(" error ") || line.contains(" critical ") { state.errors.append(line) }
            if state.errors.count > 2 * Self.keptErrors { state.errors.removeFirst(Self.keptErrors) }
            if Self.tellsOfCrash(line) { state.crashes.append(line) }
        }
    }

    func noteCrash(_ text: String) { state.withLock { $0.crashes.append(text) } }

    private static func tellsOfCrash(_ line: String) -> Bool {
        if line.contains("Fatal error:") { return true }
        guard line.contains("child died") else { return false }
        return marks.contains { mark in
            line.ranges(of: mark).contains { range in
                range.upperBound == line.endIndex || !line[range.upperBound].isNumber
            }
        }
    }
}
