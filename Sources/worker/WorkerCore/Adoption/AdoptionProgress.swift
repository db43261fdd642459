import Foundation
import Glibc

/// Tells on standard error how far long work has got: a bar that moves at a terminal, a line now and then elsewhere.
struct AdoptionProgress {
    private let total: Int
    private let started = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastShown: ContinuousClock.Instant?

    private static let width = 30

    init(total: Int) { self.total = total }

    mutating func show(_ done: Int) {
        let now = ContinuousClock.now
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        guard done == total || lastShown.map({ $0.duration(to: now) >= pause }) ?? true else { return }
        lastShown = now
        let line = Self.line(done, of: total, after: started.duration(to: now))
        let text = isTerminal ? "\r\(line)\u{1b}[K\(done == total ? "\n" : "")" : "\(line)\n"
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// `[######------------------------] 1234 of 5000 users, 35 a second, 107 s left`
    static func line(_ done: Int, of total: Int, after elapsed: Duration) -> String {
        let full = total == 0 ? width : width * done / total
        let bar = String(repeating: "#", count: full) + String(repeating: "-", count: width - full)
        let seconds = elapsed / .seconds(1)
        guard done > 0, seconds > 0.1 else { return "[\(bar)] \(done) of \(total) users" }
        let rate = Double(done) / seconds
        let left = Int((Double(total - done) / rate).rounded(.up))
        return "[\(bar)] \(done) of \(total) users, \(Int(rate.rounded())) a second, \(left) s left"
    }
}
