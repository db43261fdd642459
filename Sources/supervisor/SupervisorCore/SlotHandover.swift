import DomainModel
import Sharding

/// A change of the slot map under way: the new map is given out once nobody holds a slot that it moves.
struct SlotHandover: Sendable, Equatable {
    var target: SlotMap
    /// What has been asked for and not been given up yet, by the worker that may hold it.
    var pending: [ChildID: Set<Slot>]
    /// When a worker that still has not given up its slots is ended instead; nil once that was done.
    var deadline: ContinuousClock.Instant?

    /// Longer than a worker needs to bring its polls to a safe point.
    static let limit: Duration = .seconds(40)

    /// What a worker owns in `map` and no longer in `target`.
    static func losses(of worker: Int, from map: SlotMap, to target: SlotMap) -> [Slot] {
        map.slots(of: worker).filter { target.owner(of: $0) != worker }
    }
}
