package import DomainModel

/// A user with everything that another registry knew of them, to be taken in as they are.
package struct AdoptedUser: Sendable, Equatable {
    package var id: UserID
    /// Where the user's file is here.
    package var databasePath: String
    package var status: RegisteredUser.Status
    package var hasActiveRules = false
    package var unfinishedDownloads: Int64 = 0
    /// Nil is due now.
    package var nextDue: Timestamp?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var uploads = UploadBacklog()
    package var keyRefusals: Int64 = 0
    package var planRefusals: Int64 = 0
    package var lastSeen: Timestamp?
    package var previousLastSeen: Timestamp?
    /// From ``KeyCipher/encrypt(_:)``, under the current master key.
    package var encryptedKey: String
    package var keyName: String?
    package var isKeyActive: Bool
    package var keyCreatedAt: Timestamp
    package var keyUpdatedAt: Timestamp

    package init(
        id: UserID, databasePath: String, status: RegisteredUser.Status, createdAt: Timestamp, updatedAt: Timestamp,
        encryptedKey: String, isKeyActive: Bool, keyCreatedAt: Timestamp, keyUpdatedAt: Timestamp
    ) {
        self.id = id
        self.databasePath = databasePath
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.encryptedKey = encryptedKey
        self.isKeyActive = isKeyActive
        self.keyCreatedAt = keyCreatedAt
        self.keyUpdatedAt = keyUpdatedAt
    }
}
