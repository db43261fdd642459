import DomainModel
import Logging
import Storage
import Synchronization

/// A few connections to one server, and the memory of whether it answers.
final class PostgresPool: Sendable {
    private struct State {
        /// Calls under way or waiting, by connection.
        var loads: [Int]
        var reachability = Reachability()
    }

    /// Calls that may wait for one connection; more are told at once that it is too much.
    static let waitingLimit = 256

    private let settings: PostgresSettings
    private let connections: [PostgresConnection]
    private let state: Mutex<State>
    private let logger: Logger

    init(_ settings: PostgresSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        connections = (0..<settings.connections).map { PostgresConnection(settings, number: $0) }
        state = Mutex(State(loads: Array(repeating: 0, count: settings.connections)))
    }

    /// Whether the last call reached the server.
    var isReachable: Bool { state.withLock { !$0.reachability.isAway } }

    /// Runs `body` on the least busy connection, or on the user's.
    ///
    /// - Parameters:
    ///   - operation: what is attempted, as in "cannot \(operation)".
    ///   - user: whose row is written: calls for one user happen in the order in which they were made.
    ///   - limit: nil is the call limit of the settings.
    /// - Throws: ``StorageError``; `unreachable` at once while the server is known to be away.
    func run<Value: Sendable>(
        _ operation: String, for user: UserID? = nil, limit: Duration? = nil, isRepeatable: Bool = true,
        _ body: @escaping @Sendable (PostgresSession) throws -> Value
    ) async throws -> Value {
        let index = try begin(operation, user)
        defer { state.withLock { $0.loads[index] -= 1 } }
        do {
            let value = try await connections[index].run(
                until: .now.advanced(by: limit ?? settings.callLimit), isRepeatable: isRepeatable, body)
            noteAnswer()
            return value
        } catch let error as StorageError {
            if error.isConnectionLost { noteLoss(error) } else { noteAnswer(error) }
            throw error.during(operation)
        }
    }

    func close() async {
        for connection in connections { await connection.close() }
    }

    private func begin(_ operation: String, _ user: UserID?) throws -> Int {
        try state.withLock { state in
            guard state.reachability.mayTry(at: .now, patience: settings.connectLimit) else {
                throw StorageError(.unreachable, "cannot \(operation): the database server is away")
            }
            let index =
                user.map { Int($0.slot.number) % connections.count }
                ?? state.loads.indices.min { state.loads[$0] < state.loads[$1] } ?? 0
            guard state.loads[index] < Self.waitingLimit else {
                throw StorageError(.unreachable, "cannot \(operation): too many calls wait for the database server")
            }
            state.loads[index] += 1
            return index
        }
    }

    private func noteAnswer(_ error: StorageError? = nil) {
        // Neither a call that never got its turn nor a closed pool says anything about the server.
        if let error, error.code == .unreachable || error.code == .closed { return }
        if state.withLock({ $0.reachability.reached() }) { logger.notice("registry answers again") }
    }

    private func noteLoss(_ error: StorageError) {
        var generator = SystemRandom()
        if state.withLock({ $0.reachability.lost(at: .now, using: &generator) }) {
            logger.warning("registry is unreachable, its writes wait", metadata: ["error": "\(error)"])
        }
    }
}
