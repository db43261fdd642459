package import DomainModel

/// A user whose key TorBox has accepted, to be registered.
package struct NewUser: Sendable, Equatable {
    package var id: UserID
    /// From ``KeyCipher/encrypt(_:)``.
    package var encryptedKey: String
    /// Replaces the stored name, nil too.
    package var keyName: String?
    /// Kept only for a user who is new.
    package var databasePath: String
    package var at: Timestamp

    package init(id: UserID, encryptedKey: String, keyName: String? = nil, databasePath: String, at: Timestamp) {
        self.id = id
        self.encryptedKey = encryptedKey
        self.keyName = keyName
        self.databasePath = databasePath
        self.at = at
    }
}
