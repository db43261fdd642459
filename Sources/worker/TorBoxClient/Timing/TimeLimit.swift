/// Thrown when an operation outlives its limit. Never a `CancellationError`, which means that the caller gave up.
struct TimeLimitExceeded: Error {}

/// Runs `operation` for at most `limit`, then cancels it and throws ``TimeLimitExceeded``. Returns only after the
/// operation has ended, so what it did last can be relied upon.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration, time: TimeSource, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await time.sleep(limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw TimeLimitExceeded() }
        return value
    }
}
