/// What successive polls remember of one download: the shadow that the next snapshot is compared with.
package struct TrackedItem: Sendable, Equatable {
    /// Storage's own name for the row, for good, also when the item gets another key; nil before it is stored.
    package var pk: Int64?
    package var key: ItemKey
    /// Lowercase; nil while TorBox has not named one. History follows it when a queued item gets its real id.
    package var hash: String?
    package var name: String?
    /// The derived status at the last poll, by its name.
    package var state: String?
    /// Bytes as TorBox counts them; nil when it never said.
    package var downloaded: Int64?
    package var uploaded: Int64?
    /// As TorBox sends it, normally 0...1.
    package var progress: Double?
    package var firstSeen: Timestamp
    /// When the row was last written for a snapshot with the item (an unchanged item is not written again).
    package var lastSeen: Timestamp
    /// Complete snapshots in a row without the item, and when the first of those was.
    package var misses: Int
    package var missingSince: Timestamp?
    package var telemetry: Telemetry
    /// The moment that download progress is measured from: the last progress, or the start of waiting for some.
    package var downloadWatchedSince: Timestamp
    /// The same for uploads.
    package var uploadWatchedSince: Timestamp
    /// When the newest speed sample was taken.
    package var sampledAt: Timestamp?

    package init(
        pk: Int64? = nil, key: ItemKey, hash: String? = nil, name: String? = nil, state: String? = nil,
        downloaded: Int64? = nil, uploaded: Int64? = nil, progress: Double? = nil, firstSeen: Timestamp,
        lastSeen: Timestamp, misses: Int = 0, missingSince: Timestamp? = nil, telemetry: Telemetry = Telemetry(),
        downloadWatchedSince: Timestamp? = nil, uploadWatchedSince: Timestamp? = nil, sampledAt: Timestamp? = nil
    ) {
        self.pk = pk
        self.key = key
        self.hash = hash
        self.name = name
        self.state = state
        self.downloaded = downloaded
        self.uploaded = uploaded
        self.progress = progress
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.misses = misses
        self.missingSince = missingSince
        self.telemetry = telemetry
        self.downloadWatchedSince = downloadWatchedSince ?? firstSeen
        self.uploadWatchedSince = uploadWatchedSince ?? firstSeen
        self.sampledAt = sampledAt
    }
}
