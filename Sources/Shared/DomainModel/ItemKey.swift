/// What names one download without doubt: its kind, whether it waits in TorBox's queue, and its number.
///
/// The number ranges of the three kinds and of the queues are unrelated and may coincide, so a bare number
/// names nothing.
package struct ItemKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let asset: AssetType
    package let isQueued: Bool
    package let id: Int64

    package init(asset: AssetType, isQueued: Bool = false, id: Int64) {
        self.asset = asset
        self.isQueued = isQueued
        self.id = id
    }

    /// `torrent:810012`, or `torrent:queued:5` for a queued one.
    package var description: String { "\(asset.rawValue):\(isQueued ? "queued:" : "")\(id)" }

    /// By numbers: the default would hash the text of the asset type, for every look-up of every item.
    package func hash(into hasher: inout Hasher) {
        // One number, because each that is combined costs a round. Ids beyond 61 bits only share their places.
        hasher.combine(id << 3 ^ Int64(place))
    }

    /// Of the list that the item is in: 0...5.
    package var place: Int { asset.order << 1 | (isQueued ? 1 : 0) }

    package static func < (left: ItemKey, right: ItemKey) -> Bool {
        (left.asset, left.isQueued ? 1 : 0, left.id) < (right.asset, right.isQueued ? 1 : 0, right.id)
    }
}
