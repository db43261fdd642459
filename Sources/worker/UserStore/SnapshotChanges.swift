package import DomainModel

/// What one poll changes in the stored snapshot. Unchanged items appear nowhere in it.
package struct SnapshotChanges: Sendable {
    /// Items without a row yet; their `pk` is ignored.
    package var inserts: [TrackedItem]
    /// Items with a `pk` that have the key and the hash of their row: the rest of it is written, and no index.
    package var updates: [TrackedItem]
    /// Items with a `pk` that have another key or hash than their row: all of it is written. So an item that leaves the queue
    /// keeps its history.
    package var moves: [TrackedItem]
    /// Rows to forget, with their samples.
    package var deletes: [Int64]
    /// New speed samples, by the key that the item has after these changes. One for an unknown key is passed over.
    package var samples: [(item: ItemKey, sample: SpeedSample)]
    /// The kinds that were fetched whole, with their number of items.
    package var completed: [AssetType: Int]

    package init(
        inserts: [TrackedItem] = [], updates: [TrackedItem] = [], moves: [TrackedItem] = [],
        deletes: [Int64] = [],
        samples: [(item: ItemKey, sample: SpeedSample)] = [], completed: [AssetType: Int] = [:]
    ) {
        self.inserts = inserts
        self.updates = updates
        self.moves = moves
        self.deletes = deletes
        self.samples = samples
        self.completed = completed
    }
}
