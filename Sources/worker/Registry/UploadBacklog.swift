package import DomainModel

/// What the registry knows of a user's upload queue: enough to know, after a restart, whom to wake when.
package struct UploadBacklog: Sendable, Equatable {
    /// Whether the files kept for the user's uploads are limited.
    package enum Tier: String, Sendable, Hashable { case limited, unlimited }

    /// Uploads that wait or are being handed over. May be more than there are, never less.
    package var queued: Int
    /// When the first of them may be tried; nil is now.
    package var nextAttempt: Timestamp?
    package var tier: Tier
    package var retainedFiles: Int
    package var retainedBytes: Int64

    package init(
        queued: Int = 0, nextAttempt: Timestamp? = nil, tier: Tier = .limited, retainedFiles: Int = 0,
        retainedBytes: Int64 = 0
    ) {
        self.queued = queued
        self.nextAttempt = nextAttempt
        self.tier = tier
        self.retainedFiles = retainedFiles
        self.retainedBytes = retainedBytes
    }
}
