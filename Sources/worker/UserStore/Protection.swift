package import DomainModel

/// What no rule may delete, archive or stop, as the user's file says it.
package struct Protection: Sendable, Equatable {
    /// Bare numbers: a number protects every item that has it.
    package var numbers: Set<Int64>
    /// Hashes seen under a protected number: they protect the same download when it comes back under another one.
    package var hashes: [AssetType: Set<String>]

    package init(numbers: Set<Int64> = [], hashes: [AssetType: Set<String>] = [:]) {
        self.numbers = numbers
        self.hashes = hashes
    }

    /// Whether nothing is protected.
    package var isEmpty: Bool { numbers.isEmpty && hashes.isEmpty }

    /// Whether the item is protected, by its number or by its hash.
    package func covers(_ item: ItemKey, hash: String?) -> Bool {
        if numbers.contains(item.id) { return true }
        guard let hash else { return false }
        return hashes[item.asset]?.contains(hash) ?? false
    }
}
