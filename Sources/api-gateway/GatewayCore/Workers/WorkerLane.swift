import NIOCore
import Synchronization
import WireProtocol

/// One connection to one worker, made when it is first needed and again after it broke.
final class WorkerLane: Sendable {
    private struct State {
        var connection: WireConnection?
        var attempt: Task<WireConnection, any Error>?
    }
    private let path: String
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    init(path: String, group: any EventLoopGroup) {
        self.path = path
        self.group = group
    }

    /// The connection, if there is one that is open.
    var current: WireConnection? {
        state.withLock(\.connection).flatMap { $0.isActive ? $0 : nil }
    }

    /// The open connection, or a new one; many callers share one attempt. Throws ``WireError`` `.unreachable`.
    func open() async throws -> WireConnection {
        if let current { return current }
        let attempt = state.withLock { state in
            if state.attempt == nil, state.connection?.isActive != true { state.attempt = beginAttempt() }
            return state.attempt
        }
        // Somebody else's attempt has ended since we looked.
        guard let attempt else { return try await open() }
        do {
            let fresh = try await attempt.value
            finish(attempt, fresh)
            return fresh
        } catch {
            finish(attempt, nil)
            throw error
        }
    }

    func close() async {
        let (late, connection) = state.withLock { state in
            defer { state = State() }
            return (state.attempt, state.connection)
        }
        // An attempt under way ends within a second; what it brings is not needed any more.
        await (try? late?.value)?.close()
        await connection?.close()
    }

    private func beginAttempt() -> Task<WireConnection, any Error> {
        let (path, group) = (path, group)
        // Unstructured because the attempt is shared: it must outlive the caller that began it. Ended by the
        // connect time-out.
        return Task { try await WireConnection.connect(to: path, on: group) }
    }

    private func finish(_ finished: Task<WireConnection, any Error>, _ fresh: WireConnection?) {
        state.withLock { state in
            guard state.attempt == finished else { return }
            state.attempt = nil
            state.connection = fresh
        }
    }
}
