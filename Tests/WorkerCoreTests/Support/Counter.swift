import Synchronization

/// A number that many tasks may raise.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .acquiring) }

    func add(_ amount: Int = 1) { number.add(amount, ordering: .acquiringAndReleasing) }
}
