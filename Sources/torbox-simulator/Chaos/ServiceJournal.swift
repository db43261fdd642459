import Synchronization
import TorBoxSimulator

/// What the service printed: the newest lines, and all that tell of an end that nobody asked for.
final class ServiceJournal: Sendable {
    private struct State {
        var lines: [String] = []
        var errors: [String] = []
        var processes: [(time: Int, line: String)] = []
        var crashes: [String] = []
        var warnings: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private static let keptLines = 4_000
    private static let keptErrors = 400
    /// An hour's storm writes fewer.
    private static let keptProcessLines = 50_000

    /// Signals that only a fault of the program itself sends, and the exit code for a bug.
    private static let marks = [4, 5, 7, 8, 11].map { "signal \($0)" } + ["exit code 70"]

    var lines: [String] { state.withLock(\.lines) }
    /// The newest lines of the levels error and critical.
    var errors: [String] { state.withLock { Array($0.errors.suffix(Self.keptErrors)) } }
    var crashes: [String] { state.withLock(\.crashes) }
    /// How often it said what, from warnings on.
    var warnings: [String: Int] { state.withLock(\.warnings) }

    /// What the supervisor and gateways said in that time, Unix milliseconds: who came and went.
    func processLines(in range: ClosedRange<Int>) -> [String] {
        state.withLock { state in state.processes.filter { range.contains($0.time) }.map(\.line) }
    }

    func keep(_ line: String) {
        let now = RealTime.milliseconds()
        state.withLock { state in
            let isOfProcesses = [" supervisor: ", " gateway: ", "CHAOS: "].contains { line.contains($0) }
            if isOfProcesses, state.processes.count < Self.keptProcessLines { state.processes.append((now, line)) }
            state.lines.append(line)
            if state.lines.count > 2 * Self.keptLines { state.lines.removeFirst(Self.keptLines) }
            if line.contains(" error ") || line.contains(" critical ") { state.errors.append(line) }
            if state.errors.count > 2 * Self.keptErrors { state.errors.removeFirst(Self.keptErrors) }
            if let warning = Self.warning(in: line) { state.warnings[warning, default: 0] += 1 }
            if Self.tellsOfCrash(line) { state.crashes.append(line) }
        }
    }

    func noteCrash(_ text: String) { state.withLock { $0.crashes.append(text) } }

    /// Level, role and message of `TIME LEVEL ROLE: MESSAGE KEY=VALUE…`; the values differ from time to time.
    private static func warning(in line: String) -> String? {
        let words = line.split(separator: " ").dropFirst()
        guard let level = words.first, ["warning", "error", "critical"].contains(level) else { return nil }
        let message = words.prefix { !$0.contains("=") }.filter { word in
            // The number of a worker.
            word.last != ":" || !word.dropLast().allSatisfy(\.isNumber)
        }
        return message.joined(separator: " ")
    }

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
