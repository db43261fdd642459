package import DomainModel

/// The key that API keys are written with, and the earlier ones that may still be read with: during a rotation both are good.
package struct KeyRing: Sendable {
    private let current: KeyCipher
    private let previous: [KeyCipher]

    package init(current: KeyCipher, previous: [KeyCipher] = []) {
        self.current = current
        self.previous = previous
    }

    /// Whether there is an earlier key to rotate from.
    package var hasPrevious: Bool { !previous.isEmpty }

    /// Always under the current key.
    package func encrypt(_ apiKey: APIKey) throws(KeyCipherError) -> String { try current.encrypt(apiKey) }

    /// The key in a stored text, whichever of ours it was made under.
    package func decrypt(_ stored: String) throws(KeyCipherError) -> APIKey {
        do {
            return try current.decrypt(stored)
        } catch {
            guard error.code == .wrongMasterKey else { throw error }
            for cipher in previous {
                // That this one does not open it either says nothing new.
                if let key = try? cipher.decrypt(stored) { return key }
            }
            throw error
        }
    }

    /// What a stored text needs in order to be under the current key.
    package func renewal(of stored: String) throws(KeyCipherError) -> Renewal {
        do {
            _ = try current.decrypt(stored)
            return .isCurrent
        } catch {
            return .renewed(try current.encrypt(try decrypt(stored)))
        }
    }

    package enum Renewal: Sendable, Equatable {
        case isCurrent
        /// The same key, encrypted anew.
        case renewed(String)
    }
}
