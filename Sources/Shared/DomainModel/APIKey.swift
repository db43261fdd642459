/// A user's TorBox API key in the clear. Prints as `<redacted>` wherever it might land in a log.
package struct APIKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key itself, byte for byte as received. Only for hashing, encrypting and the `Authorization` header.
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
