/// The secret that the frontend's server side shares with us for the internal routes. Never printed.
package struct ServiceSecret: Sendable, CustomStringConvertible, CustomReflectable {
    /// Shorter ones guard nothing, as in stock.
    package static let minimumLength = 16

    private let bytes: [UInt8]

    /// Nil when `text` without surrounding white space is shorter than ``minimumLength``.
    package init?(_ text: String) {
        let trimmed = text.trimmed
        guard trimmed.count >= Self.minimumLength else { return nil }
        bytes = Array(trimmed.utf8)
    }

    /// Compares in a time that does not depend on where the first difference is.
    package func matches(_ candidate: String) -> Bool {
        let other = Array(candidate.trimmed.utf8)
        var difference = UInt8(other.count == bytes.count ? 0 : 1)
        for index in bytes.indices {
            difference |= bytes[index] ^ (index < other.count ? other[index] : 0)
        }
        return difference == 0
    }

    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
