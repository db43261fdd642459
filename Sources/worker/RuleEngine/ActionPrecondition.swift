package import DomainModel

/// Leaves out items for which an action would change nothing.
package enum ActionPrecondition {
    /// Whether `action` has something to do for `item`, which carries the local `tags`.
    package static func keeps(_ action: RuleAction, _ item: borrowing DownloadItem, tags: Set<Int64>) -> Bool {
        switch action {
        case .stopSeeding: DerivedStatus.of(item) == .seeding
        case .forceStart: DerivedStatus.of(item) == .queued
        case .addTag(let ids): !ids.allSatisfy { tags.contains($0) }
        case .removeTag(let ids): ids.contains { tags.contains($0) }
        case .addAirlock: !item.isAirlocked
        case .removeAirlock: item.isAirlocked
        case .archive, .delete: true
        }
    }
}
