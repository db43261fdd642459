/// A change that a call asks for.
enum AccountEffect: Sendable, Equatable {
    case delete(AssetKind, Int)
    case stopSeeding(Int)
    case pause(AssetKind, Int)
    case resume(AssetKind, Int)
    case reannounce(Int)
    case edit(AssetKind, Int, ItemEdit)
    case startQueued(Int)
    case deleteQueued(Int)
    case add(AddedItem)

    /// A download that a create asks for.
    struct AddedItem: Sendable, Equatable {
        var kind: AssetKind
        var hash: String
        var name: String
        var originalURL: String?
        var isCached: Bool
        var isQueued: Bool
    }
}
