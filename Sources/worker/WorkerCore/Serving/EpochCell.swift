import Synchronization

/// The epoch of the newest slot map that this worker was given.
final class EpochCell: Sendable {
    private let cell = Atomic<UInt64>(0)

    var value: UInt64 {
        get { cell.load(ordering: .acquiring) }
        set { cell.store(newValue, ordering: .releasing) }
    }
}
