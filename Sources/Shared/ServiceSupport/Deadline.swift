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
package func withDeadline<Result: Sendable>(
    _ limit: Duration, _ operation: String, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
            throw DeadlineExceeded(operation: operation, after: limit)
        }
        return result
    }
}
