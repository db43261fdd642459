package import DomainModel

/// What earlier polls have seen of one download.
package struct StoredItem: Sendable, Equatable {
    /// Names the row for good, also when the item gets another key; nil before it is stored.
    package var pk: Int64?
    package var key: ItemKey
    package var hash: String?
    package var name: String?
    package var state: String?
    /// Bytes as TorBox counts them; nil when never told.
    package var downloaded: Int64?
    package var uploaded: Int64?
    /// As TorBox sends it, normally 0...1.
    package var progress: Double?
    package var firstSeen: Timestamp
    /// When the row was last written for a snapshot with the item. With no misses the item was also in the newest complete
    /// snapshot of its kind, see ``SnapshotRepository/completed(_:)``.
    package var lastSeen: Timestamp
    /// Complete snapshots in a row without the item.
    package var misses: Int
    /// When the first of those was.
    package var missingSince: Timestamp?
    package var telemetry: Telemetry
    /// When the newest speed sample was taken.
    package var sampledAt: Timestamp?

    package init(
        pk: Int64? = nil, key: ItemKey, hash: String? = nil, name: String? = nil, state: String? = nil,
        downloaded: Int64? = nil, uploaded: Int64? = nil, progress: Double? = nil, firstSeen: Timestamp,
        lastSeen: Timestamp, misses: Int = 0, missingSince: Timestamp? = nil, telemetry: Telemetry = Telemetry(),
        sampledAt: Timestamp? = nil
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
        self.sampledAt = sampledAt
    }
}
