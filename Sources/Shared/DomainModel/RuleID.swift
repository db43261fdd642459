/// The number of a rule within one user's file, as the frontend knows it.
package struct RuleID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    package var description: String { String(rawValue) }

    package static func < (left: RuleID, right: RuleID) -> Bool { left.rawValue < right.rawValue }
}
