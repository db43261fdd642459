package import DomainModel

/// What the registry knows about one user.
package struct RegisteredUser: Sendable, Equatable {
    /// Whether the account may be used at all.
    package enum Status: String, Sendable, Hashable {
        case active, inactive
    }

    package var id: UserID
    /// Where the user's file was at registration; normally absolute. Informative: the file is found by the user's id.
    package var databasePath: String
    package var status: Status
    /// False when TorBox refused the key for good, or an administrator switched it off.
    package var isKeyActive: Bool
    package var keyName: String?
    /// Whether the user's file has an enabled rule: only then is the user polled.
    package var hasActiveRules: Bool
    /// The API key as stored, see ``KeyCipher``. Nil when the row has lost its key (an inconsistent stock file).
    package var encryptedKey: String?
    /// Nil is due now.
    package var nextDue: Timestamp?
    package var lastPolled: Timestamp?
    package var lastSuccess: Timestamp?
    /// Code and short text of the last failed poll.
    package var lastError: String?
    /// Failed polls since the last success.
    package var failureCount: Int
    /// Times in a row that TorBox refused the key, or that the plan does not include its API, without a good poll since.
    package var keyRefusals: Int
    package var planRefusals: Int
    /// TorBox asked not to be called before this.
    package var retryAfter: Timestamp?
    /// Why the user is not polled although active.
    package var pausedReason: String?
    /// When the user was last present, whole seconds; nil when never told.
    package var lastSeen: Timestamp?
    /// Whole seconds.
    package var createdAt: Timestamp
    package var uploads: UploadBacklog

    /// Whether requests in the user's name are served and polls may happen.
    package var isActive: Bool { status == .active && isKeyActive }

    package init(
        id: UserID, databasePath: String, status: Status, isKeyActive: Bool, keyName: String?, hasActiveRules: Bool,
        encryptedKey: String?, nextDue: Timestamp?, lastPolled: Timestamp?, lastSuccess: Timestamp?, lastError: String?,
        failureCount: Int, retryAfter: Timestamp?, pausedReason: String?, lastSeen: Timestamp?, createdAt: Timestamp,
        uploads: UploadBacklog = UploadBacklog(), keyRefusals: Int = 0, planRefusals: Int = 0
    ) {
        self.id = id
        self.databasePath = databasePath
        self.status = status
        self.isKeyActive = isKeyActive
        self.keyName = keyName
        self.hasActiveRules = hasActiveRules
        self.encryptedKey = encryptedKey
        self.nextDue = nextDue
        self.lastPolled = lastPolled
        self.lastSuccess = lastSuccess
        self.lastError = lastError
        self.failureCount = failureCount
        self.retryAfter = retryAfter
        self.pausedReason = pausedReason
        self.lastSeen = lastSeen
        self.createdAt = createdAt
        self.uploads = uploads
        self.keyRefusals = keyRefusals
        self.planRefusals = planRefusals
    }
}
