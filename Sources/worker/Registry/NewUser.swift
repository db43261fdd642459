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
    /// TorBox's number of the account; nil leaves what is known.
    package var accountID: Int64?
    /// The id that the key itself stands for, when the user's id is that of an earlier key of the account.
    package var keyID: UserID?

    package init(
        id: UserID, encryptedKey: String, keyName: String? = nil, databasePath: String, at: Timestamp,
        accountID: Int64? = nil, keyID: UserID? = nil
    ) {
        self.id = id
        self.encryptedKey = encryptedKey
        self.keyName = keyName
        self.databasePath = databasePath
        self.at = at
        self.accountID = accountID
        self.keyID = keyID
    }
}
