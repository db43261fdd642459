/// Pieces of work for one user, between which is only waited for TorBox. Whoever calls says what is to be done around each
/// of them: a worker that dies over an answer has to find out whose it was, and while nothing of the user's is looked at
/// nobody is to blame.
package protocol WorkTurns: Sendable {
    /// Runs `body` as one such piece; several may be under way at once.
    func work<Value>(_ body: () async throws -> Value) async rethrows -> Value
}

/// For callers whose whole call is one piece of work, waiting included.
package struct OneTurn: WorkTurns {
    package init() {}

    package func work<Value>(_ body: () async throws -> Value) async rethrows -> Value { try await body() }
}
