package import DomainModel

/// Which tags are on which downloads.
package struct TagAssignments: Sendable, Equatable {
    /// Tags by bare number, set through REST: they count for every item with that number, whatever its kind.
    package var byNumber: [Int64: Set<Int64>]
    /// Tags of exactly one item, set by rules or carried along from the queue.
    package var byItem: [ItemKey: Set<Int64>]

    package init(byNumber: [Int64: Set<Int64>] = [:], byItem: [ItemKey: Set<Int64>] = [:]) {
        self.byNumber = byNumber
        self.byItem = byItem
    }

    /// Whether there is no tag on anything.
    package var isEmpty: Bool { byNumber.isEmpty && byItem.isEmpty }

    /// The tags that rules see on an item.
    package func tags(of item: ItemKey) -> Set<Int64> {
        (byNumber[item.id] ?? []).union(byItem[item] ?? [])
    }
}
