/// The make-up of a generated library. Fractions are from 0 to 1.
package struct GeneratedLibrary: Sendable, Equatable {
    package var torrents: Int
    package var usenet: Int
    package var webDownloads: Int
    package var queued: Int
    /// Days before the start of the simulation over which rows were added, newest ones densest.
    package var spreadDays = 20
    /// Rows with an odd value: null, missing, huge, of another type.
    package var oddFraction = 0.0
    /// Rows that appear only within ``arrivalSeconds`` after the start.
    package var arrivalFraction = 0.0
    package var arrivalSeconds = 86_400
    /// Rows that leave by themselves within 20 days of their creation.
    package var removalFraction = 0.0
    /// Torrents whose byte counters restart at 0 once.
    package var restartFraction = 0.0
    package var maximumFiles = 3

    package init(torrents: Int, usenet: Int = 0, webDownloads: Int = 0, queued: Int = 0) {
        self.torrents = torrents
        self.usenet = usenet
        self.webDownloads = webDownloads
        self.queued = queued
    }

    func count(of kind: AssetKind) -> Int {
        switch kind {
        case .torrent: torrents
        case .usenet: usenet
        case .webDownload: webDownloads
        }
    }
}
