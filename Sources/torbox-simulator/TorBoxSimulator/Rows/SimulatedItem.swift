/// One row of a list, as TorBox is to show it: state only the fields that matter, the rest has plain values.
///
/// Times are Unix seconds, sizes bytes, speeds bytes a second. For odd types use ``overrides`` (raw JSON for a key,
/// known or not) and ``omittedKeys``.
///
/// ```swift
/// var item = SimulatedItem.seeding("Harbour.2019", ratio: 2.5)
/// item.overrides["active"] = "\"true\""
/// ```
package struct SimulatedItem: Sendable, Equatable {
    package var kind: AssetKind
    /// Its id within the kind; 0 lets the account choose the next free one.
    package var id: Int
    package var hash: String
    package var name: String
    package var createdAt: Int
    /// When TorBox last refreshed the row; nil shows ``createdAt``.
    package var updatedAt: Int?
    package var size = 1_000_000_000
    package var active = false
    package var downloadState: String? = "downloading"
    /// 0 to 1.
    package var progress = 0.0
    package var downloadSpeed = 0
    package var uploadSpeed = 0
    /// Seconds; 8,640,000 means unknown.
    package var eta = 8_640_000
    package var ratio: Double? = 0
    package var seeds = 0
    package var peers = 0
    package var availability = 0.0
    package var totalDownloaded = 0
    package var totalUploaded = 0
    package var downloadFinished = false
    package var downloadPresent = false
    package var cached = false
    package var cachedAt: Int?
    package var expiresAt: Int?
    package var server = 17
    package var fileCount = 0
    package var tracker: String? = "udp://open.tracker.example:1337/announce"
    package var trackerMessage: String?
    package var isPrivate = false
    package var hasTorrentFile = false
    package var seedTorrent = true
    package var longTermSeeding = false
    package var alternativeHashes: [String] = []
    package var tags: [String] = []
    package var airlocked = false
    /// The `error` text of a web download.
    package var errorText: String?
    package var originalURL: String?
    /// Keys whose value is replaced by this raw JSON; keys TorBox does not know are added.
    package var overrides: [String: String] = [:]
    /// Keys left out of the row.
    package var omittedKeys: Set<String> = []

    /// - Parameters:
    ///   - hash: Taken from the name when nil: 40 hex digits for a torrent, 32 for the others.
    ///   - createdAt: Unix seconds; 2026-01-01T00:00:00Z when not given.
    package init(
        _ name: String, kind: AssetKind = .torrent, id: Int = 0, hash: String? = nil,
        createdAt: Int = SimulatedItem.defaultCreation
    ) {
        self.kind = kind
        self.id = id
        self.name = name
        self.hash = hash ?? SeededGenerator.hex(of: name, digits: kind == .torrent ? 40 : 32)
        self.createdAt = createdAt
    }

    /// 2026-01-01T00:00:00Z.
    package static let defaultCreation = 1_767_225_600
}
