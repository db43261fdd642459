/// The rows of the three lists, with every key that TorBox is known to send. Source: torbox-api.md 5.2 to 5.4.
extension RowWriter {
    mutating func row(_ item: SimulatedItem, accountID: String) {
        begin(overrides: item.overrides, omitted: item.omittedKeys)
        switch item.kind {
        case .torrent: torrent(item, accountID)
        case .usenet: usenet(item, accountID)
        case .webDownload: webDownload(item, accountID)
        }
        end()
    }

    private mutating func torrent(_ item: SimulatedItem, _ accountID: String) {
        field("id") { $0.int(item.id) }
        field("auth_id") { $0.string(accountID) }
        field("server") { $0.int(item.server) }
        field("hash") { $0.string(item.hash) }
        field("name") { $0.string(item.name) }
        field("magnet") { $0.magnet(item.hash) }
        field("size") { $0.int(item.size) }
        progress(item)
        field("seeds") { $0.int(item.seeds) }
        field("peers") { $0.int(item.peers) }
        field("ratio") { $0.double(item.ratio) }
        field("upload_speed") { $0.int(item.uploadSpeed) }
        field("torrent_file") { $0.bool(item.hasTorrentFile) }
        field("files") { $0.files(of: item) }
        field("download_path") { $0.string(item.server == 0 ? "" : item.hash) }
        field("inactive_check") { $0.int(0) }
        field("availability") { $0.double(item.availability) }
        field("tracker") { $0.string(item.tracker) }
        field("tracker_message") { $0.string(item.trackerMessage) }
        field("total_uploaded") { $0.int(item.totalUploaded) }
        field("total_downloaded") { $0.int(item.totalDownloaded) }
        field("owner") { $0.string(accountID) }
        field("seed_torrent") { $0.bool(item.seedTorrent) }
        field("allow_zipped") { $0.bool(false) }
        field("long_term_seeding") { $0.bool(item.longTermSeeding) }
        field("private") { $0.bool(item.isPrivate) }
        labels(item)
    }

    private mutating func usenet(_ item: SimulatedItem, _ accountID: String) {
        field("id") { $0.int(item.id) }
        field("auth_id") { $0.string(accountID) }
        field("name") { $0.string(item.name) }
        field("hash") { $0.string(item.hash) }
        field("original_url") { $0.string(item.originalURL) }
        field("size") { $0.int(item.size) }
        field("download_id") { $0.string("SABnzbd_nzo_" + item.hash.prefix(8)) }
        field("server") { $0.int(item.server) }
        field("files") { $0.files(of: item) }
        progress(item)
        labels(item)
    }

    private mutating func webDownload(_ item: SimulatedItem, _ accountID: String) {
        field("id") { $0.int(item.id) }
        field("auth_id") { $0.string(accountID) }
        field("hash") { $0.string(item.hash) }
        field("name") { $0.string(item.name) }
        field("original_url") { $0.string(item.originalURL) }
        field("size") { $0.int(item.size) }
        field("download_id") { $0.null() }
        field("upload_speed") { $0.int(0) }
        field("server") { $0.int(item.server) }
        field("torrent_file") { $0.bool(false) }
        field("error") { $0.string(item.errorText) }
        field("inactive_check") { $0.int(0) }
        field("availability") { $0.int(0) }
        field("files") { $0.files(of: item) }
        progress(item)
        labels(item)
    }

    /// The keys that all kinds share and that change while a row lives.
    private mutating func progress(_ item: SimulatedItem) {
        field("active") { $0.bool(item.active) }
        field("created_at") { $0.date(item.createdAt) }
        field("updated_at") { $0.date(item.updatedAt ?? item.createdAt) }
        field("download_state") { $0.string(item.downloadState) }
        field("progress") { $0.double(item.progress) }
        field("download_speed") { $0.int(item.downloadSpeed) }
        field("eta") { $0.int(item.eta) }
        field("expires_at") { $0.date(item.expiresAt) }
        field("download_present") { $0.bool(item.downloadPresent) }
        field("download_finished") { $0.bool(item.downloadFinished) }
        field("cached") { $0.bool(item.cached) }
        field("cached_at") { $0.date(item.cachedAt) }
    }

    private mutating func labels(_ item: SimulatedItem) {
        field("alternative_hashes") { $0.strings(item.alternativeHashes) }
        field("tags") { $0.strings(item.tags) }
        field("airlocked") { $0.bool(item.airlocked) }
    }

    /// A row of the queue: it has neither state nor size. Source: torbox-api.md 7.
    mutating func row(_ item: SimulatedQueueItem, accountID: String) {
        begin(overrides: item.overrides, omitted: item.omittedKeys)
        field("id") { $0.int(item.id) }
        field("created_at") { $0.date(item.createdAt) }
        field("magnet") { json in
            if item.kind == .torrent, item.torrentFile == nil { json.magnet(item.hash) } else { json.null() }
        }
        field("torrent_file") { $0.string(item.torrentFile) }
        field("hash") { $0.string(item.hash) }
        field("name") { $0.string(item.name) }
        field("type") { $0.string(item.kind.rawValue) }
        field("name_override") { $0.string(item.nameOverride) }
        field("seed_torrent_override") { $0.null() }
        field("auth_id") { $0.string(accountID) }
        end()
    }
}
