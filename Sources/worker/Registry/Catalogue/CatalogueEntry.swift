package import DomainModel

/// A user as an administrator sees them: every column of the registry but the encrypted key.
package struct CatalogueEntry: Sendable, Equatable {
    /// As stored; other texts than `active` count as inactive.
    package var status: String
    package var id: UserID
    package var databasePath: String
    package var hasActiveRules: Bool
    package var unfinishedDownloads: Int
    /// Nil is due now.
    package var nextDue: Timestamp?
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
    package var lastSeen: Timestamp?
    /// The time before ``lastSeen``.
    package var previousLastSeen: Timestamp?
    /// `limited` or `unlimited`.
    package var uploadTier: String
    package var retainedFiles: Int64
    package var retainedBytes: Int64
    package var keyName: String?
    /// Nil when the row has no key.
    package var isKeyActive: Bool?
    package var keyCreatedAt: Timestamp?

    package var isActive: Bool { status == "active" }

    package init(
        id: UserID, databasePath: String, status: String = "active", hasActiveRules: Bool = false,
        unfinishedDownloads: Int = 0, nextDue: Timestamp? = nil, createdAt: Timestamp? = nil,
        updatedAt: Timestamp? = nil, lastSeen: Timestamp? = nil, previousLastSeen: Timestamp? = nil,
        uploadTier: String = "limited", retainedFiles: Int64 = 0, retainedBytes: Int64 = 0, keyName: String? = nil,
        isKeyActive: Bool? = true, keyCreatedAt: Timestamp? = nil
    ) {
        self.id = id
        self.databasePath = databasePath
        self.status = status
        self.hasActiveRules = hasActiveRules
        self.unfinishedDownloads = unfinishedDownloads
        self.nextDue = nextDue
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.lastSeen = lastSeen
        self.previousLastSeen = previousLastSeen
        self.uploadTier = uploadTier
        self.retainedFiles = retainedFiles
        self.retainedBytes = retainedBytes
        self.keyName = keyName
        self.isKeyActive = isKeyActive
        self.keyCreatedAt = keyCreatedAt
    }
}
