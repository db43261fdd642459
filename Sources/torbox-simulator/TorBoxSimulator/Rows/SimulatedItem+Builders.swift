/// The usual situations of a row, with consistent fields.
extension SimulatedItem {
    /// Running, with half of the data there unless told otherwise.
    package static func downloading(
        _ name: String, kind: AssetKind = .torrent, progress: Double = 0.5, speed: Int = 5_000_000
    ) -> SimulatedItem {
        var item = SimulatedItem(name, kind: kind)
        item.active = true
        item.progress = progress
        item.downloadSpeed = speed
        item.totalDownloaded = Int(Double(item.size) * progress)
        item.eta = speed > 0 ? (item.size - item.totalDownloaded) / speed : 8_640_000
        item.seeds = 20
        item.peers = 5
        item.availability = 3
        return item
    }

    /// Running without any seed in sight.
    package static func stalled(_ name: String, progress: Double = 0.5) -> SimulatedItem {
        var item = downloading(name, progress: progress, speed: 0)
        item.downloadState = "stalled (no seeds)"
        item.seeds = 0
        item.peers = 0
        item.availability = progress
        return item
    }

    /// Complete and still sharing.
    package static func seeding(_ name: String, ratio: Double = 1, uploadSpeed: Int = 100_000) -> SimulatedItem {
        var item = completed(name)
        item.active = true
        item.downloadState = "uploading"
        item.ratio = ratio
        item.totalUploaded = Int(Double(item.size) * ratio)
        item.uploadSpeed = uploadSpeed
        item.seeds = 8
        item.peers = 4
        return item
    }

    /// Complete, stored and at rest.
    package static func completed(_ name: String, kind: AssetKind = .torrent) -> SimulatedItem {
        var item = SimulatedItem(name, kind: kind)
        item.downloadState = "completed"
        item.progress = 1
        item.eta = 0
        item.downloadFinished = true
        item.downloadPresent = true
        item.cached = true
        item.cachedAt = item.createdAt + 600
        item.expiresAt = item.createdAt + 600 + 30 * 86_400
        item.totalDownloaded = item.size
        item.availability = 1
        item.fileCount = 1
        return item
    }

    /// Complete without a download, because TorBox had it already.
    package static func cached(_ name: String, kind: AssetKind = .torrent) -> SimulatedItem {
        var item = completed(name, kind: kind)
        item.downloadState = "cached"
        item.totalDownloaded = 0
        item.server = 0
        return item
    }

    /// Given up, with nothing stored.
    package static func failed(_ name: String, kind: AssetKind = .torrent, state: String = "failed") -> SimulatedItem {
        var item = SimulatedItem(name, kind: kind)
        item.downloadState = state
        item.errorText = kind == .webDownload ? "the link is offline" : nil
        return item
    }
}
