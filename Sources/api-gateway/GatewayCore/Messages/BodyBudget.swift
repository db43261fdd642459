import Synchronization

/// How many bytes of request bodies may be in memory at a time, over all connections: 4,096 clients that each
/// send 10 MiB slowly would otherwise take 40 GiB.
final class BodyBudget: Sendable {
    /// Bodies this small are not worth refusing.
    static let freeBytes = 64 * 1024

    private let limit: Int
    private let taken = Atomic<Int>(0)

    init(limit: Int = 256 * 1024 * 1024) { self.limit = limit }

    /// Bytes held at the moment.
    var used: Int { taken.load(ordering: .relaxed) }

    /// Takes `bytes` more. Throws ``Problem`` 503 when that is more than there are.
    func take(_ bytes: Int) throws(Problem) {
        let total = taken.wrappingAdd(bytes, ordering: .relaxed).newValue
        guard total <= limit else {
            taken.wrappingSubtract(bytes, ordering: .relaxed)
            throw .busyReading
        }
    }

    func giveBack(_ bytes: Int) { taken.wrappingSubtract(bytes, ordering: .relaxed) }
}
