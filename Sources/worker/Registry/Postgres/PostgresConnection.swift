import Dispatch
import Storage

/// A connection that makes itself anew when it is lost, on a serial queue of its own: what blocks there blocks nobody else.
final class PostgresConnection: Sendable {
    private let settings: PostgresSettings
    private let queue: DispatchQueue
    // Touched only on `queue`.
    nonisolated(unsafe) private var session: PostgresSession?
    // Touched only on `queue`.
    nonisolated(unsafe) private var isClosed = false

    init(_ settings: PostgresSettings, number: Int) {
        self.settings = settings
        queue = DispatchQueue(label: "torbox.registry.\(number)")
    }

    /// Runs `body` after what was asked for before. Not interrupted by cancellation, but over at `deadline`.
    ///
    /// - Parameter isRepeatable: whether doing it twice does no harm; then a connection that turns out to have been lost
    ///   since its last use (the server was restarted) costs nothing but time.
    func run<Value: Sendable>(
        until deadline: ContinuousClock.Instant, isRepeatable: Bool,
        _ body: @escaping @Sendable (PostgresSession) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                continuation.resume(with: Result { try perform(until: deadline, isRepeatable, body) })
            }
        }
    }

    func close() async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                isClosed = true
                session = nil
                continuation.resume()
            }
        }
    }

    private func perform<Value>(
        until deadline: ContinuousClock.Instant, _ isRepeatable: Bool, _ body: (PostgresSession) throws -> Value
    ) throws -> Value {
        guard !isClosed else { throw StorageError(.closed, "it is closed") }
        guard ContinuousClock.now < deadline else {
            throw StorageError(.unreachable, "all connections were busy for too long")
        }
        let wasConnected = session != nil
        do {
            return try attempt(until: deadline, body)
        } catch let error as StorageError where error.isConnectionLost && wasConnected && isRepeatable {
            return try attempt(until: deadline, body)
        }
    }

    private func attempt<Value>(
        until deadline: ContinuousClock.Instant, _ body: (PostgresSession) throws -> Value
    ) throws -> Value {
        let current = try session ?? connect(until: deadline)
        current.deadline = deadline
        defer { if current.isBroken { session = nil } }
        return try body(current)
    }

    private func connect(until deadline: ContinuousClock.Instant) throws -> PostgresSession {
        let made = try PostgresSession(settings, until: min(deadline, .now.advanced(by: settings.connectLimit)))
        session = made
        return made
    }
}
