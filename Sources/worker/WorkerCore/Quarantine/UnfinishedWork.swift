import Registry

/// What was under way for one user when the process died.
struct UnfinishedWork: Sendable, Equatable {
    var isPoll = false
    /// Of the requests.
    var operations: Set<String> = []

    /// Of two kinds the one that takes more to disprove.
    var cause: QuarantineRecord.Cause { operations.isEmpty ? .poll : .request }

    static let poll = UnfinishedWork(isPoll: true)

    static func request(_ operation: String) -> UnfinishedWork { UnfinishedWork(operations: [operation]) }
}
