/// What successive polls have observed about one download, which no single row can tell.
package struct Telemetry: Sendable, Equatable {
    /// Last moment at which the download counter was seen to have grown.
    package var lastDownloadActivity: Timestamp?
    /// Last moment at which the upload counter was seen to have grown.
    package var lastUploadActivity: Timestamp?
    /// First poll without download progress since the last progress, while the state said it should progress.
    package var downloadStalledSince: Timestamp?
    /// The same for uploads while seeding.
    package var uploadStalledSince: Timestamp?

    package init(
        lastDownloadActivity: Timestamp? = nil, lastUploadActivity: Timestamp? = nil,
        downloadStalledSince: Timestamp? = nil, uploadStalledSince: Timestamp? = nil
    ) {
        self.lastDownloadActivity = lastDownloadActivity
        self.lastUploadActivity = lastUploadActivity
        self.downloadStalledSince = downloadStalledSince
        self.uploadStalledSince = uploadStalledSince
    }
}

/// The byte counters of one download at one poll, the raw material of average speeds.
package struct SpeedSample: Sendable, Equatable {
    package var at: Timestamp
    /// Bytes since the download began, as TorBox counts them.
    package var downloaded: Int64
    package var uploaded: Int64

    package init(at: Timestamp, downloaded: Int64, uploaded: Int64) {
        self.at = at
        self.downloaded = downloaded
        self.uploaded = uploaded
    }
}
