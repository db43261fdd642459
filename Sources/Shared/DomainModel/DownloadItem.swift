/// One row of a TorBox list or queue, read into the fields that rules ask for.
///
/// A field is nil when the row lacks it, gives null, or gives something of the wrong type: unknown, which is not
/// zero. A flag that is missing is off, as everywhere in TorBox's rows. Of the texts, false and 0 read as empty.
package struct DownloadItem: Sendable, Equatable {
    package var key: ItemKey
    /// Info hash (torrents) or md5 (others), lowercase. Nil when missing or empty.
    package var hash: String?
    package var name: String?
    package var tracker: String?
    package var originalURL: String?
    /// `download_state` as sent; nil when missing, null or empty.
    package var downloadState: String?
    /// Whether `download_state` is something else than a text: the row's status cannot be told then.
    package var hasUnreadableState = false
    /// Whether the row itself says `status: "queued"` in any letter case; true for every queue row.
    package var isMarkedQueued = false

    /// `active`: true for true, 1 and "true" only.
    package var isActive = false
    /// `download_finished`, by JavaScript truth (status derivation asks for that).
    package var isFinished = false
    /// `download_present`, by JavaScript truth.
    package var isPresent = false
    package var isCached = false
    package var isPrivate = false
    package var isAirlocked = false
    package var allowsZip = false
    package var isSeedingEnabled = false
    package var isLongTermSeeding = false

    /// As TorBox sends it, normally 0...1.
    package var progress: Double?
    /// Bytes per second at TorBox's last refresh.
    package var downloadSpeed: Double?
    package var uploadSpeed: Double?
    /// Seconds; 8640000 stands for unknown at TorBox and keeps its plain value.
    package var eta: Double?
    package var seeds: Double?
    package var peers: Double?
    package var ratio: Double?
    /// Whether `ratio` is there but no number: it must not be replaced by one computed from the totals.
    package var hasUnreadableRatio = false
    package var availability: Double?
    /// Bytes.
    package var size: Double?
    /// Bytes sent and got so far; they may restart at 0. Texts of digits count, as in every client's arithmetic.
    package var totalUploaded: Int64?
    package var totalDownloaded: Int64?
    /// Length of `files`, else `file_count`.
    package var fileCount: Double?

    package var createdAt: Timestamp?
    package var cachedAt: Timestamp?
    package var expiresAt: Timestamp?

    package init(key: ItemKey) { self.key = key }
}
