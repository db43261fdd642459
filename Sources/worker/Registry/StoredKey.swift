package import DomainModel

/// A user's API key as the registry has it.
package struct StoredKey: Sendable, Equatable {
    package var user: UserID
    /// See ``KeyCipher``.
    package var encryptedKey: String

    package init(user: UserID, encryptedKey: String) {
        self.user = user
        self.encryptedKey = encryptedKey
    }
}
