import Crypto

/// The administrator's secret, `ADMIN_API_KEY`. Never printed.
package struct AdminKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// Shorter ones can be guessed; they work, and the log warns.
    package static let advisedLength = 16

    /// Of equal length whatever the texts are, so that comparing them tells nothing.
    private let digest: [UInt8]
    package let isShort: Bool

    /// Nil when `text` is empty.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        digest = Array(SHA256.hash(data: Array(text.utf8)))
        isShort = text.utf8.count < Self.advisedLength
    }

    /// Compares in a time that does not depend on where the first difference is.
    package func matches(_ candidate: String) -> Bool {
        let other = Array(SHA256.hash(data: Array(candidate.utf8)))
        return zip(digest, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
