package import DomainModel

/// One line of the user's upload queue, with what its attempts say about it.
package struct UploadRow: Sendable, Equatable {
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case queued
        /// A create is under way, or was when the process ended.
        case processing
        case completed, failed
    }

    /// What TorBox is given: `upload_type` of the REST contract.
    package enum Source: String, Sendable, Hashable, CaseIterable { case file, magnet, link }

    package var id: Int64
    package var asset: AssetType
    package var source: Source
    /// Relative to the storage root, as stored; nil for magnets and links.
    package var filePath: String?
    package var url: String?
    package var name: String
    package var status: Status
    package var errorMessage: String?
    package var retryCount: Int
    package var seed: Int?
    package var allowsZip: Bool
    package var asQueued: Bool
    package var onlyIfCached: Bool
    package var password: String?
    package var queueOrder: Int64
    package var torboxHash: String?
    /// The number in TorBox's list; nil while the download waits in TorBox's queue.
    package var torboxID: Int64?
    package var torboxAuthID: String?
    package var lastProcessedAt: Timestamp?
    package var completedAt: Timestamp?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Not to be tried before this.
    package var nextAttemptAt: Timestamp?
    package var isFileDeleted: Bool
    package var fileSize: Int64?
    /// Whether the create that succeeded found the download in TorBox's cache; nil without one on record.
    package var wasCached: Bool?
    /// When a create was sent whose fate is still unknown; nil when there is none.
    package var unsettledSince: Timestamp?
}
