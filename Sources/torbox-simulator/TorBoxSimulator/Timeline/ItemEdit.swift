/// The body of an edit call: it overwrites, so what is absent becomes empty. Source: torbox-api.md 8.2.
struct ItemEdit: Sendable, Equatable {
    var name: String
    var tags: [String] = []
    var alternativeHashes: [String] = []
    var airlocked = false

    func apply(to item: inout SimulatedItem) {
        item.name = name
        item.tags = tags
        item.alternativeHashes = alternativeHashes
        item.airlocked = airlocked
        if airlocked { item.expiresAt = nil }
        for key in ["name", "tags", "alternative_hashes", "airlocked"] {
            item.overrides[key] = nil
            item.omittedKeys.remove(key)
        }
    }
}
