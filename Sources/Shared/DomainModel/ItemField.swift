/// The fields of a TorBox row that anything of ours looks at, in the order in which rows are decoded.
package enum ItemField: UInt8, Sendable, Hashable, CaseIterable {
    case id, hash, name, tracker, originalURL, downloadState, status
    case active, downloadFinished, downloadPresent
    case cached, isPrivate, airlocked, allowZipped, seedTorrent, longTermSeeding
    case progress, downloadSpeed, uploadSpeed, eta, seeds, peers, ratio, availability, size
    case totalUploaded, totalDownloaded, files, fileCount
    case createdAt, cachedAt, expiresAt

    /// The key in TorBox's JSON.
    package var key: String {
        switch self {
        case .id: "id"
        case .hash: "hash"
        case .name: "name"
        case .tracker: "tracker"
        case .originalURL: "original_url"
        case .downloadState: "download_state"
        case .status: "status"
        case .active: "active"
        case .downloadFinished: "download_finished"
        case .downloadPresent: "download_present"
        case .cached: "cached"
        case .isPrivate: "private"
        case .airlocked: "airlocked"
        case .allowZipped: "allow_zipped"
        case .seedTorrent: "seed_torrent"
        case .longTermSeeding: "long_term_seeding"
        case .progress: "progress"
        case .downloadSpeed: "download_speed"
        case .uploadSpeed: "upload_speed"
        case .eta: "eta"
        case .seeds: "seeds"
        case .peers: "peers"
        case .ratio: "ratio"
        case .availability: "availability"
        case .size: "size"
        case .totalUploaded: "total_uploaded"
        case .totalDownloaded: "total_downloaded"
        case .files: "files"
        case .fileCount: "file_count"
        case .createdAt: "created_at"
        case .cachedAt: "cached_at"
        case .expiresAt: "expires_at"
        }
    }
}
