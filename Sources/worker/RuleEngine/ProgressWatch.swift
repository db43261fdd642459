import DomainModel

/// What time does to a download between two polls: when it last moved, and since when it stands still.
struct ProgressWatch: Sendable, Equatable {
    var telemetry: Telemetry
    /// The moments that progress is measured from, see `TrackedItem`.
    var downloadSince: Timestamp
    var uploadSince: Timestamp

    /// - Parameters:
    ///   - wasExpected: whether the state at the poll before called for progress too.
    ///   - begins: whether the item just went into `downloading`, which counts as activity.
    fileprivate mutating func noteDownload(
        _ progress: Progress, expected: Bool, wasExpected: Bool, begins: Bool, at now: Timestamp
    ) {
        if progress == .moved || begins {
            telemetry.lastDownloadActivity = now
            telemetry.downloadStalledSince = nil
            downloadSince = now
        } else if !expected {
            telemetry.downloadStalledSince = nil
        } else if !wasExpected {
            downloadSince = now
        } else if Self.provesStall(progress, since: downloadSince, at: now) {
            telemetry.downloadStalledSince = telemetry.downloadStalledSince ?? now
        }
    }

    fileprivate mutating func noteUpload(_ progress: Progress, expected: Bool, wasExpected: Bool, at now: Timestamp) {
        if progress == .moved || (expected && !wasExpected) {
            telemetry.lastUploadActivity = now
            telemetry.uploadStalledSince = nil
            uploadSince = now
        } else if !expected {
            telemetry.uploadStalledSince = nil
        } else if Self.provesStall(progress, since: uploadSince, at: now) {
            telemetry.uploadStalledSince = telemetry.uploadStalledSince ?? now
        }
    }

    private static func provesStall(_ progress: Progress, since: Timestamp, at now: Timestamp) -> Bool {
        progress == .stood && now.milliseconds(since: since) >= SnapshotDiff.refreshMilliseconds
    }
}

extension TrackedItem {
    var watch: ProgressWatch {
        get {
            ProgressWatch(
                telemetry: telemetry, downloadSince: downloadWatchedSince, uploadSince: uploadWatchedSince)
        }
        set {
            telemetry = newValue.telemetry
            downloadWatchedSince = newValue.downloadSince
            uploadWatchedSince = newValue.uploadSince
        }
    }

    /// After a poll that shows the download so.
    func watch(after item: borrowing DownloadItem, _ status: DerivedStatus, at now: Timestamp) -> ProgressWatch {
        var watch = watch
        let before = state == status.rawValue ? status : state.flatMap(DerivedStatus.init(rawValue:)) ?? .unknown
        watch.noteDownload(
            Progress.of(downloaded, item.totalDownloaded).or(fraction: progress, item.progress),
            expected: status.expectsDownload && !item.isFinished,
            wasExpected: before.expectsDownload && (progress ?? 0) < 1,
            begins: status == .downloading && before != .downloading, at: now)
        watch.noteUpload(
            Progress.of(uploaded, item.totalUploaded), expected: status == .seeding,
            wasExpected: before == .seeding, at: now)
        // Bytes that moved before anybody watched were moved at the latest when watching began.
        if watch.telemetry.lastDownloadActivity == nil && (item.totalDownloaded ?? downloaded ?? 0) > 0 {
            watch.telemetry.lastDownloadActivity = firstSeen
        }
        if watch.telemetry.lastUploadActivity == nil && (item.totalUploaded ?? uploaded ?? 0) > 0 {
            watch.telemetry.lastUploadActivity = firstSeen
        }
        return watch
    }
}

/// Whether a counter moved between two polls.
private enum Progress {
    case moved, stood, unknown

    static func of(_ before: Int64?, _ after: Int64?) -> Progress {
        guard let before, let after else { return .unknown }
        if after == before { return .stood }
        // A counter that restarted (TorBox's client did) and is above 0 again has moved since.
        return after > before || after > 0 ? .moved : .unknown
    }

    /// Usenet and web downloads have no byte counters, and a restarted counter says nothing: the fraction does.
    func or(fraction before: Double?, _ after: Double?) -> Progress {
        guard let before, let after else { return self }
        if after > before { return .moved }
        return self == .unknown && after == before ? .stood : self
    }
}

extension DerivedStatus {
    /// Whether a download in this state should be making progress.
    fileprivate var expectsDownload: Bool { self == .downloading || self == .stalled }
}
