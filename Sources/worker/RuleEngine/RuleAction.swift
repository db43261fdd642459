/// What a rule does with what it selects.
package enum RuleAction: Sendable, Hashable {
    case stopSeeding, archive, delete, forceStart
    /// Ids of local tags, without repetition.
    case addTag([Int64])
    case removeTag([Int64])
    case addAirlock, removeAirlock

    /// The action's name in the rules' JSON.
    package var name: String {
        switch self {
        case .stopSeeding: "stop_seeding"
        case .archive: "archive"
        case .delete: "delete"
        case .forceStart: "force_start"
        case .addTag: "add_tag"
        case .removeTag: "remove_tag"
        case .addAirlock: "add_airlock"
        case .removeAirlock: "remove_airlock"
        }
    }

    /// Tags to add or remove; empty for the other actions.
    package var tagIDs: [Int64] {
        switch self {
        case .addTag(let ids), .removeTag(let ids): ids
        default: []
        }
    }

    /// Whether it takes something away that cannot be given back: delete, archive, stop_seeding.
    package var isDestructive: Bool { removesItem || self == .stopSeeding }

    /// Whether the download is gone from TorBox afterwards: delete and archive.
    package var removesItem: Bool { self == .delete || self == .archive }

    /// Whether usenet and web downloads do not know it.
    package var isTorrentOnly: Bool { self == .stopSeeding || self == .archive }
}
