/// The three kinds of download that TorBox keeps, each with lists, ids and calls of its own.
package enum AssetType: String, Sendable, Hashable, CaseIterable, Comparable, Codable {
    case torrent, usenet, webdl

    /// The order in which lists are fetched and results are printed: torrent, usenet, webdl.
    package static func < (left: AssetType, right: AssetType) -> Bool { left.order < right.order }

    /// By its place: the default would hash the text, for every look-up of every item.
    package func hash(into hasher: inout Hasher) { hasher.combine(order) }

    var order: Int {
        switch self {
        case .torrent: 0
        case .usenet: 1
        case .webdl: 2
        }
    }
}
