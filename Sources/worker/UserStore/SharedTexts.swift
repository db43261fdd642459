import DomainModel

/// Finds the texts of downloads that TorBox shows now, for the rows of known ones. A row whose neighbour by key was the last
/// one is found at once: rows were put in by key, in older files in the order of the list, which is mostly the reverse. One
/// that is not found costs a text of its own, no more.
struct SharedTexts {
    private let shown: UnsafeBufferPointer<DownloadItem>
    /// Places in `shown`, by key.
    private let order: [Int]
    /// In ``order``: the last one that was found.
    private var last = -1

    /// - Parameter shown: Good for as long as this is used.
    init(_ shown: UnsafeBufferPointer<DownloadItem>) {
        self.shown = shown
        order = shown.indices.sorted { shown[$0].key < shown[$1].key }
    }

    mutating func of(_ key: ItemKey) -> (hash: String?, name: String?) {
        guard let position = neighbour(key) ?? search(key) else { return (nil, nil) }
        last = position
        let place = order[position]
        return (shown[place].hash, shown[place].name)
    }

    private func neighbour(_ key: ItemKey) -> Int? {
        if last + 1 < order.count, isAt(last + 1, key) { return last + 1 }
        return last > 0 && isAt(last - 1, key) ? last - 1 : nil
    }

    private func search(_ key: ItemKey) -> Int? {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if shown[order[middle]].key < key { low = middle + 1 } else { high = middle }
        }
        return low < order.count && isAt(low, key) ? low : nil
    }

    private func isAt(_ position: Int, _ key: ItemKey) -> Bool {
        // The number first: it tells all but a few apart without a call.
        shown[order[position]].key.id == key.id && shown[order[position]].key == key
    }
}
