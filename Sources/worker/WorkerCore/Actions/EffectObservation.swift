import DomainModel
import RuleEngine
import UserStore

/// Settles, from a complete snapshot, what became of actions that are still open. Pure.
enum EffectObservation {
    /// What a snapshot says about an open action.
    enum Finding: Sendable, Equatable {
        /// The effect shows.
        case observed
        /// It certainly was not carried out; the rule may ask again.
        case notCarriedOut
        /// Nothing is certain yet; the item stays blocked for this action.
        case open
    }

    /// A call whose fate is unknown counts as not carried out when a list read this much later shows no effect.
    /// A list read past TorBox's cache shows its database's rows; what is queued there takes seconds.
    static let settlingMilliseconds: Int64 = 30_000
    /// An acknowledged action that harms nothing when repeated may be asked for again after this long without
    /// effect. Destructive ones are never repeated after TorBox said yes.
    static let patienceMilliseconds: Int64 = 3_600_000

    static func finding(
        _ action: ActionRow, items: [ItemKey: DownloadItem], fetchedAt: Timestamp
    ) -> Finding {
        // A list that was read before the call cannot show its effect.
        guard let sent = action.sentAt, fetchedAt > sent else { return .open }
        if showsEffect(action, items[action.item]) { return .observed }
        let age = fetchedAt.milliseconds(since: sent)
        switch action.state {
        case .unknown: return age >= settlingMilliseconds ? .notCarriedOut : .open
        case .acknowledged:
            return !isDestructive(action) && age >= patienceMilliseconds ? .notCarriedOut : .open
        default: return .open
        }
    }

    static func removesItem(_ action: ActionRow) -> Bool { ["delete", "archive"].contains(action.action) }

    static func isDestructive(_ action: ActionRow) -> Bool {
        ["delete", "archive", "stop_seeding"].contains(action.action)
    }

    private static func showsEffect(_ action: ActionRow, _ item: DownloadItem?) -> Bool {
        guard let item else { return true }
        // Another download under a number that was used before: the one that was acted on is gone.
        if let before = action.hash, let after = item.hash, before != after { return true }
        switch action.action {
        case "stop_seeding": return DerivedStatus.of(item) != .seeding
        case "add_airlock": return item.isAirlocked
        case "remove_airlock": return !item.isAirlocked
        default: return false
        }
    }
}
