/// One of the 256 shares that users are divided into: the first byte of their id, so that anyone can tell by
/// eye where a user lives.
package struct Slot: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let number: UInt8

    package init(_ number: UInt8) { self.number = number }

    /// Slots in all. Fixed for good: stored nowhere, but every host must agree on it.
    package static let count = 256

    /// All slots, in order.
    package static var all: [Slot] { (0...UInt8.max).map(Slot.init) }

    /// Two lowercase hex digits, the first two of the ids in it: `0a`.
    package var description: String {
        let digits = String(number, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }

    package static func < (left: Slot, right: Slot) -> Bool { left.number < right.number }
}
