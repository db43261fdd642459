import DomainModel

/// Finds the texts of downloads that TorBox shows now, for rows that come in about the same order: that in which lists showed
/// them first. One that is not found costs a text of its own, no more.
struct SharedTexts {
    /// How many downloads may be new, or have gone elsewhere in the list, before the next row's.
    private static let reach = 64

    private let shown: UnsafeBufferPointer<DownloadItem>
    private var place = 0

    /// - Parameter shown: Good for as long as this is used.
    init(_ shown: UnsafeBufferPointer<DownloadItem>) { self.shown = shown }

    mutating func of(_ key: ItemKey) -> (hash: String?, name: String?) {
        for index in place..<min(place + Self.reach, shown.count) where shown[index].key == key {
            place = index + 1
            return (shown[index].hash, shown[index].name)
        }
        return (nil, nil)
    }
}
