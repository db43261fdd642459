/// What a download came from; TorBox keeps one list, one id space and one set of calls for each.
package enum AssetKind: String, Sendable, Hashable, CaseIterable, Codable {
    case torrent
    case usenet
    case webDownload = "webdl"

    /// The word TorBox uses for this kind in list answers.
    var listDetail: String {
        switch self {
        case .torrent: "Here is the torrent list."
        case .usenet: "Here is the usenet list."
        case .webDownload: "Here is the web download list."
        }
    }
}
