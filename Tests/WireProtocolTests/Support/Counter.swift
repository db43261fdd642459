import Synchronization

/// Counts from 0, for many callers.
final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    /// How often ``next()`` was called.
    var count: Int { value.load(ordering: .relaxed) }

    func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
