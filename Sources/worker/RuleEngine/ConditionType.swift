package import DomainModel

/// The 33 things that a condition can look at. Raw values as in the rules' JSON.
package enum ConditionType: String, Sendable, Hashable, CaseIterable {
    case progress = "PROGRESS"
    case downloadSpeed = "DOWNLOAD_SPEED"
    case uploadSpeed = "UPLOAD_SPEED"
    case averageDownloadSpeed = "AVG_DOWNLOAD_SPEED"
    case averageUploadSpeed = "AVG_UPLOAD_SPEED"
    case eta = "ETA"
    case seeds = "SEEDS"
    case peers = "PEERS"
    case ratio = "RATIO"
    case totalUploaded = "TOTAL_UPLOADED"
    case totalDownloaded = "TOTAL_DOWNLOADED"
    case fileSize = "FILE_SIZE"
    case fileCount = "FILE_COUNT"
    case availability = "AVAILABILITY"
    case age = "AGE"
    case seedingTime = "SEEDING_TIME"
    case expiresAt = "EXPIRES_AT"
    case lastDownloadActivity = "LAST_DOWNLOAD_ACTIVITY_AT"
    case lastUploadActivity = "LAST_UPLOAD_ACTIVITY_AT"
    case downloadStalledTime = "DOWNLOAD_STALLED_TIME"
    case uploadStalledTime = "UPLOAD_STALLED_TIME"
    case name = "NAME"
    case tracker = "TRACKER"
    case originalURL = "ORIGINAL_URL"
    case isPrivate = "PRIVATE"
    case cached = "CACHED"
    case allowZip = "ALLOW_ZIP"
    case isActive = "IS_ACTIVE"
    case isAirlocked = "IS_AIRLOCKED"
    case seedingEnabled = "SEEDING_ENABLED"
    case longTermSeeding = "LONG_TERM_SEEDING"
    case status = "STATUS"
    case tags = "TAGS"
}

extension ConditionType {
    /// Which operators and values fit.
    enum Family: Sendable, Hashable {
        case number, average, text, flag, status, tags
    }

    var family: Family {
        switch self {
        case .averageDownloadSpeed, .averageUploadSpeed: .average
        case .name, .tracker, .originalURL: .text
        case .isPrivate, .cached, .allowZip, .isActive, .isAirlocked, .seedingEnabled, .longTermSeeding: .flag
        case .status: .status
        case .tags: .tags
        default: .number
        }
    }

    /// Whether usenet and web downloads lack what this looks at.
    package var isTorrentOnly: Bool {
        switch self {
        case .seedingEnabled, .ratio, .seedingTime, .seeds, .peers, .longTermSeeding, .lastUploadActivity,
            .lastDownloadActivity, .totalUploaded, .totalDownloaded, .uploadSpeed, .averageUploadSpeed,
            .averageDownloadSpeed, .uploadStalledTime, .downloadStalledTime, .tracker, .availability, .isPrivate:
            true
        default: false
        }
    }

    /// Whether it is answered from what earlier polls observed about activity and stalls.
    var usesTelemetry: Bool {
        switch self {
        case .lastDownloadActivity, .lastUploadActivity, .downloadStalledTime, .uploadStalledTime: true
        default: false
        }
    }

    /// Fields of the row without which the answer means little; what a change of TorBox's format would break.
    package var requiredFields: Set<ItemField> {
        switch self {
        case .progress: [.progress, .downloadFinished]
        case .downloadSpeed: [.downloadSpeed]
        case .uploadSpeed: [.uploadSpeed]
        case .averageDownloadSpeed, .lastDownloadActivity: [.totalDownloaded]
        case .averageUploadSpeed, .lastUploadActivity: [.totalUploaded]
        case .eta: [.eta]
        case .seeds: [.seeds]
        case .peers: [.peers]
        case .ratio: [.ratio]
        case .totalUploaded: [.totalUploaded]
        case .totalDownloaded: [.totalDownloaded]
        case .fileSize: [.size]
        case .fileCount: [.files]
        case .availability: [.availability]
        case .age: [.createdAt]
        case .seedingTime: [.cachedAt]
        case .expiresAt: [.expiresAt]
        case .downloadStalledTime, .uploadStalledTime, .status: Self.statusFields
        case .name: [.name]
        case .tracker: [.tracker]
        case .originalURL: [.originalURL]
        case .isPrivate: [.isPrivate]
        case .cached: [.cached]
        case .allowZip: [.allowZipped]
        case .isActive: [.active]
        case .isAirlocked: [.airlocked]
        case .seedingEnabled: [.seedTorrent]
        case .longTermSeeding: [.longTermSeeding]
        case .tags: [.id]
        }
    }

    private static let statusFields: Set<ItemField> = [.active, .downloadFinished, .downloadPresent, .downloadState]
}
