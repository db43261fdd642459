import NIOCore
import WireProtocol

/// One connection to one worker, made when it is first needed and again after it broke.
actor WorkerLane {
    private let path: String
    private let group: any EventLoopGroup
    private var connection: WireConnection?
    private var attempt: Task<WireConnection, any Error>?

    init(path: String, group: any EventLoopGroup) {
        self.path = path
        self.group = group
    }

    /// The open connection, or a new one; many callers share one attempt. Throws ``WireError`` `.unreachable`.
    func open() async throws -> WireConnection {
        if let connection, connection.isActive { return connection }
        let attempt = attempt ?? beginAttempt()
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
        // An attempt under way ends within a second; what it brings is not needed any more.
        let late = try? await attempt?.value
        attempt = nil
        await late?.close()
        await connection?.close()
        connection = nil
    }

    private func beginAttempt() -> Task<WireConnection, any Error> {
        let (path, group) = (path, group)
        // Unstructured because the attempt is shared: it must outlive the caller that began it. Ended by the
        // connect time-out.
        let attempt = Task { try await WireConnection.connect(to: path, on: group) }
        self.attempt = attempt
        return attempt
    }

    private func finish(_ finished: Task<WireConnection, any Error>, _ fresh: WireConnection?) {
        guard attempt == finished else { return }
        attempt = nil
        connection = fresh
    }
}
