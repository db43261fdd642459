import DomainModel
import Synchronization

/// Says whether a user's file was written since some moment, so that answers made from it can be kept until then.
///
/// Users share the counters, a few thousand in all: another user's write may tick yours, which only costs a read.
/// A write ticks after its commit and before anybody hears of it, so whoever was told of a write never sees an older
/// answer.
final class WriteClock: Sendable {
    private static let counters = 4_096
    private let ticks = Mutex([UInt64](repeating: 0, count: counters))

    func now(of user: UserID) -> UInt64 { ticks.withLock { $0[Self.index(user)] } }

    func tick(_ user: UserID) { ticks.withLock { $0[Self.index(user)] += 1 } }

    private static func index(_ user: UserID) -> Int {
        var hasher = Hasher()
        hasher.combine(user)
        return Int(UInt(bitPattern: hasher.finalize()) % UInt(counters))
    }
}
