/// Why an API key could not be encrypted or decrypted. Never holds key, ciphertext or master key.
package struct KeyCipherError: Error, Sendable, Hashable, CustomStringConvertible {
    /// An open set: new codes break nobody.
    package struct Code: Hashable, Sendable {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The master key is empty.
        package static let emptyMasterKey = Code("emptyMasterKey")
        /// The stored text is not three groups of hex digits.
        package static let malformed = Code("malformed")
        /// The text was encrypted under another master key or salt, or was altered.
        package static let wrongMasterKey = Code("wrongMasterKey")
        /// The cryptographic library refused; a bug of ours.
        package static let failed = Code("failed")
    }

    package var code: Code
    package var message: String
    package var hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.map { "\(message); \($0)" } ?? message }
}
