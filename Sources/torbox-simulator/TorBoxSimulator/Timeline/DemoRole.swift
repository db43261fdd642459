/// A part that is always played by some row of the demo library.
enum DemoRole: Int, CaseIterable, Sendable {
    case seeding
    case privateSeeding
    case stalled
    case completed
    case downloading
    case queued
    case usenet
    case webDownload

    /// The words in the names of the role's rows.
    var title: String {
        switch self {
        case .seeding: "Harbour.Documentary"
        case .privateSeeding: "Lantern.Archive.PRIVATE"
        case .stalled: "Forgotten.Meadow.STALLED"
        case .completed: "Quartz.Concert.FLAC"
        case .downloading: "Northern.River.2160p"
        case .queued: "Willow.Season.QUEUED"
        case .usenet: "Signal.News.USENET"
        case .webDownload: "field-recording-WEB"
        }
    }

    var kind: AssetKind {
        switch self {
        case .usenet: .usenet
        case .webDownload: .webDownload
        default: .torrent
        }
    }
}
