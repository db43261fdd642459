/// A moment by which something must be done, carried along instead of a time-out that every step would restart.
package struct Deadline: Sendable, Equatable {
    package let instant: ContinuousClock.Instant

    package init(_ instant: ContinuousClock.Instant) { self.instant = instant }

    package static func after(_ duration: Duration) -> Deadline { Deadline(.now.advanced(by: duration)) }

    /// What is left, never negative.
    package var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: instant)) }

    package var isPast: Bool { ContinuousClock.now >= instant }
}

/// Something took longer than it may. Never a `CancellationError`: nobody asked it to stop.
package struct DeadlineExceeded: Error, Sendable, Equatable, CustomStringConvertible {
    package var operation: String
    package var after: Duration

    package init(operation: String, after: Duration) {
        self.operation = operation
        self.after = after
    }

    package var description: String { "\(operation) took longer than \(after)" }
}

/// Runs `body`, at most for `limit`; then cancels it, waits for it to leave, and throws ``DeadlineExceeded``.
///
/// A caller that is cancelled gets whatever `body` makes of that: its result if it finishes all the same.
package func withDeadline<Result: Sendable>(
    _ limit: Duration, _ operation: String, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: DeadlineRace<Result>.self) { group in
        group.addTask { .finished(try await body()) }
        group.addTask {
            do {
                try await Task.sleep(for: limit)
                return .timeIsUp
            } catch {
                return .interrupted
            }
        }
        defer { group.cancelAll() }
        while let first = try await group.next() {
            switch first {
            case .finished(let result): return result
            case .timeIsUp: throw DeadlineExceeded(operation: operation, after: limit)
            case .interrupted: continue
            }
        }
        throw CancellationError()
    }
}

/// Which of the two ended first: the work, or the wait for its limit.
private enum DeadlineRace<Result: Sendable>: Sendable {
    case finished(Result)
    case timeIsUp
    /// The caller was cancelled, so the wait ended early; the work has the last word.
    case interrupted
}
