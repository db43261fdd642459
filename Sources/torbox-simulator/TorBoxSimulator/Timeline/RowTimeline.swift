/// Everything that will happen to one row, fixed at its birth; ``item(at:effects:)`` looks it up at a moment.
///
/// A torrent runs: metadata, download, storing, seeding, at rest, expired. Usenet and web downloads leave out metadata
/// and seeding. All times are Unix seconds.
struct RowTimeline: Sendable, Equatable {
    var kind: AssetKind
    var id: Int
    var hash: String
    var name: String
    var createdAt: Int
    var size: Int
    var fate: RowFate
    /// Until then name and size are unknown.
    var metadataUntil: Int
    var download: ByteTrack
    /// When the data is in storage; not before the end of the download.
    var storedAt: Int
    var upload: ByteTrack
    /// When the client at TorBox restarts and its byte counters begin at 0 again.
    var restartsAt: Int?
    var losesFilesAt: Int?
    /// When the row leaves the list by itself.
    var removedAt: Int?
    var keptDays = 30
    var seeds = 0
    var peers = 0
    var server = 1
    var fileCount = 1
    var isPrivate = false
    var tags: [String] = []
    var airlocked = false
    var oddity: RowOddity?
    /// Shifts this row's refresh against the others', seconds.
    var refreshPhase = 0

    /// The row as TorBox shows it at a moment.
    /// - Parameters:
    ///   - second: The simulated Unix second.
    ///   - effects: What calls have done to the row up to then.
    func item(at second: Int, effects: RowEffects) -> SimulatedItem {
        let now = effects.localSecond(at: second)
        var item = SimulatedItem(name, kind: kind, id: id, hash: hash, createdAt: createdAt)
        item.updatedAt = max(second, createdAt)
        describe(&item)
        if fate == .cachedAtOnce {
            showCached(&item)
        } else if now < metadataUntil {
            showMetadata(&item, now: now)
        } else if now < download.end || !fate.downloadsEverything {
            showDownload(&item, now: now)
        } else {
            showCompletion(&item, now: now, effects: effects)
        }
        showEndings(&item, now: now)
        if effects.isPaused, item.active { showPause(&item) }
        oddity?.distort(&item)
        effects.edit?.apply(to: &item)
        return item
    }

    /// What never changes.
    private func describe(_ item: inout SimulatedItem) {
        item.size = size
        item.server = server
        item.isPrivate = isPrivate
        item.hasTorrentFile = isPrivate
        item.tags = tags
        item.airlocked = airlocked
        item.seedTorrent = fate.downloadsEverything
        if isPrivate { item.tracker = "https://tracker.example/announce" }
    }

    private func showMetadata(_ item: inout SimulatedItem, now: Int) {
        item.active = true
        item.downloadState = now - createdAt < 2 ? "checkingResumeData" : "metaDL"
        item.size = 0
        if kind == .torrent { item.name = hash }
    }

    private func showDownload(_ item: inout SimulatedItem, now: Int) {
        let reading = download.reading(at: now)
        item.totalDownloaded = reading.bytes
        item.downloadSpeed = reading.speed
        item.progress = size > 0 ? rounded(min(Double(reading.bytes) / Double(size), 0.999_999), 6) : 0
        item.eta = reading.speed > 0 ? (size - reading.bytes) / reading.speed : 8_640_000
        item.active = true
        item.availability = item.progress
        if reading.speed > 0 {
            item.downloadState = "downloading"
            item.seeds = seeds
            item.peers = peers
            item.availability = rounded(1 + Double(seeds) / 10, 3)
        } else {
            item.downloadState = "stalled (no seeds)"
        }
        if now >= download.end { showFailure(&item) }
    }

    private func showFailure(_ item: inout SimulatedItem) {
        switch (fate, kind) {
        case (.stallsForever, _): return
        case (.pausedByUser, _): item.downloadState = "paused"
        case (.incomplete, .torrent): item.downloadState = "incomplete"
        case (_, .torrent): item.downloadState = "error"
        case (_, .usenet): item.downloadState = "failed (Aborted, cannot be completed)"
        case (_, .webDownload):
            item.downloadState = "error"
            item.errorText = "The link is offline."
        }
        item.active = false
    }

    private func showCompletion(_ item: inout SimulatedItem, now: Int, effects: RowEffects) {
        item.totalDownloaded = download.total
        item.progress = 1
        item.eta = 0
        item.availability = 1
        item.downloadFinished = true
        item.fileCount = fileCount
        guard now >= storedAt else {
            item.active = true
            item.downloadState = storingState(now: now)
            return
        }
        item.downloadPresent = true
        item.cached = true
        item.cachedAt = storedAt
        item.expiresAt = airlocked ? nil : storedAt + keptDays * 86_400
        item.downloadState = "completed"
        if kind == .torrent { showSeeding(&item, now: now, effects: effects) }
        if let restartsAt, now >= restartsAt { restartCounters(&item) }
    }

    private func showSeeding(_ item: inout SimulatedItem, now: Int, effects: RowEffects) {
        let stop = effects.seedingStoppedAt
        let reading = upload.reading(at: min(now, stop ?? now))
        item.totalUploaded = reading.bytes
        item.ratio = size > 0 ? rounded(Double(reading.bytes) / Double(size), 4) : 0
        if stop != nil {
            item.downloadState = "stopped seeding"
        } else if now < upload.end {
            item.active = true
            item.uploadSpeed = reading.speed
            item.downloadState = reading.speed > 0 ? "uploading" : "uploading (no peers)"
            item.seeds = seeds
            item.peers = reading.speed > 0 ? max(peers, 1) : 0
        }
    }

    private func storingState(now: Int) -> String {
        switch kind {
        case .torrent: "completed"
        case .webDownload: "processing"
        case .usenet: now - download.end < (storedAt - download.end) / 2 ? "repairing" : "extracting"
        }
    }

    private func showCached(_ item: inout SimulatedItem) {
        item.downloadState = "cached"
        item.progress = 1
        item.eta = 0
        item.availability = 1
        item.server = 0
        item.downloadFinished = true
        item.downloadPresent = true
        item.cached = true
        item.cachedAt = createdAt
        item.expiresAt = airlocked ? nil : createdAt + keptDays * 86_400
        item.fileCount = fileCount
    }

    private func restartCounters(_ item: inout SimulatedItem) {
        item.totalUploaded = 0
        item.totalDownloaded = 0
        item.ratio = 0
    }

    private func showEndings(_ item: inout SimulatedItem, now: Int) {
        let isLost = losesFilesAt.map { now >= $0 } ?? false
        let isExpired = item.expiresAt.map { now >= $0 } ?? false
        guard isLost || isExpired else { return }
        item.downloadState = isLost ? "missingFiles" : "expired"
        item.active = false
        item.downloadPresent = false
        item.uploadSpeed = 0
        item.seeds = 0
        item.peers = 0
    }

    private func showPause(_ item: inout SimulatedItem) {
        item.active = false
        item.downloadState = item.downloadFinished ? "pausedUP" : "paused"
        item.downloadSpeed = 0
        item.uploadSpeed = 0
        item.seeds = 0
        item.peers = 0
    }

    private func rounded(_ value: Double, _ digits: Int) -> Double {
        let scale = digits == 6 ? 1e6 : digits == 4 ? 1e4 : 1e3
        return (value * scale).rounded() / scale
    }
}
