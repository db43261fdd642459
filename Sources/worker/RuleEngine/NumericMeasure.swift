import DomainModel

/// The number that a condition looks at, in the unit of its value; nil when it is not known.
enum NumericMeasure {
    private static let mebibyte = 1_048_576.0
    private static let gibibyte = 1_073_741_824.0

    static func measure(
        _ type: ConditionType, _ item: borrowing DownloadItem, _ context: borrowing EvaluationContext
    ) -> Double? {
        switch type {
        case .progress: item.isFinished ? 100 : item.progress.map { $0 * 100 }
        case .downloadSpeed: item.downloadSpeed.map { $0 / mebibyte }
        case .uploadSpeed: item.uploadSpeed.map { $0 / mebibyte }
        case .eta: item.eta.map { $0 / 60 }
        case .seeds: item.seeds
        case .peers: item.peers
        case .ratio: ratio(item)
        case .totalUploaded: item.totalUploaded.map { Double($0) / gibibyte }
        case .totalDownloaded: item.totalDownloaded.map { Double($0) / mebibyte }
        case .fileSize: item.size.map { $0 / gibibyte }
        case .fileCount: item.fileCount
        case .availability: item.availability
        default: span(type, item, context)
        }
    }

    /// TorBox's own figure, or one from the totals when it gives none and both totals.
    private static func ratio(_ item: borrowing DownloadItem) -> Double? {
        if let ratio = item.ratio { return ratio }
        guard !item.hasUnreadableRatio, let uploaded = item.totalUploaded, let downloaded = item.totalDownloaded else {
            return nil
        }
        return downloaded > 0 ? Double(uploaded) / Double(downloaded) : 0
    }

    private static func span(
        _ type: ConditionType, _ item: borrowing DownloadItem, _ context: borrowing EvaluationContext
    ) -> Double? {
        switch type {
        case .age: hours(since: item.createdAt, context.now)
        case .seedingTime: hours(since: item.cachedAt, context.now)
        case .expiresAt: hours(since: item.expiresAt, context.now).map { 0 - $0 }
        case .lastDownloadActivity: minutes(since: context.telemetry[item.key]?.lastDownloadActivity, context.now)
        case .lastUploadActivity: minutes(since: context.telemetry[item.key]?.lastUploadActivity, context.now)
        case .downloadStalledTime: minutes(since: context.telemetry[item.key]?.downloadStalledSince, context.now)
        case .uploadStalledTime: minutes(since: context.telemetry[item.key]?.uploadStalledSince, context.now)
        default: nil
        }
    }

    private static func hours(since earlier: Timestamp?, _ now: Timestamp) -> Double? {
        earlier.map { Double(now.milliseconds(since: $0)) / 3_600_000 }
    }

    private static func minutes(since earlier: Timestamp?, _ now: Timestamp) -> Double? {
        earlier.map { Double(now.milliseconds(since: $0)) / 60_000 }
    }
}
