import Logging
import Synchronization

/// Keeps a failure that repeats from filling the log: the first line is written at once, further ones like it at most
/// every 30 s, with how many were left out in between.
///
/// Only warnings and worse are folded; below them a line is a fact of its own. Lines are alike when they differ in
/// nothing but durations, delays, attempts and request ids. What is held back when a failure ends comes out with the
/// next line of whatever kind that the process writes after the 30 s.
package final class RepeatFolding: Sendable {
    /// Source: the style handbook's rule for repeating failures.
    package static let window: Duration = .seconds(30)
    /// Different failures that are remembered; beyond it lines are written as they come.
    private static let limit = 256
    private static let passing: Set<String> = [
        LogKey.durationMilliseconds, LogKey.delay, LogKey.attempt, LogKey.requestID,
    ]

    private struct Kind: Hashable {
        var label: String
        var message: String
        var fields: [String]
    }

    private struct Run {
        var latest: LogLine
        var windowEnds: ContinuousClock.Instant
        var heldBack = 0
    }

    private let runs = Mutex<[Kind: Run]>([:])

    package init() {}

    /// What is to be written now, in order; `line` is the last of it unless it is held back.
    package func admit(_ line: LogLine, at now: ContinuousClock.Instant) -> [LogLine] {
        runs.withLock { runs in
            guard line.level >= .warning else { return Self.overdue(&runs, at: now, except: nil) + [line] }
            let kind = Self.kind(line)
            let overdue = Self.overdue(&runs, at: now, except: kind)
            guard var run = runs[kind] else {
                if runs.count < Self.limit { runs[kind] = Run(latest: line, windowEnds: now + Self.window) }
                return overdue + [line]
            }
            guard now < run.windowEnds else {
                runs[kind] = Run(latest: line, windowEnds: now + Self.window)
                return overdue + [Self.counted(line, run.heldBack)]
            }
            run.latest = line
            run.heldBack += 1
            runs[kind] = run
            return overdue
        }
    }

    /// Of the runs whose time is up, the lines that nobody has seen; the runs are forgotten.
    private static func overdue(
        _ runs: inout [Kind: Run], at now: ContinuousClock.Instant, except kind: Kind?
    ) -> [LogLine] {
        var lines: [LogLine] = []
        for (other, run) in runs where other != kind && now >= run.windowEnds {
            if run.heldBack > 0 { lines.append(counted(run.latest, run.heldBack)) }
            runs[other] = nil
        }
        return lines
    }

    private static func counted(_ line: LogLine, _ heldBack: Int) -> LogLine {
        guard heldBack > 0 else { return line }
        var line = line
        line.fields.append(LogLine.Field(key: LogKey.repeated, value: "\(heldBack)"))
        return line
    }

    private static func kind(_ line: LogLine) -> Kind {
        Kind(
            label: line.label, message: line.message,
            fields: line.fields.filter { !passing.contains($0.key) }.map { "\($0.key)=\($0.value)" })
    }
}
