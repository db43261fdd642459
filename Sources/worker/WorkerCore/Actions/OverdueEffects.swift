import DomainModel
import UserStore

/// Destructive actions that TorBox confirmed and no list has shown for an hour. They are never sent again; the log says
/// so once, because only a person can find out why.
enum OverdueEffects {
    /// Marks what was reported: the journal keeps it, so a restart does not report it again.
    static let remark = "TorBox confirmed it, but no list has shown the effect for an hour"

    /// - Parameters:
    ///   - open: the actions that this snapshot did not settle.
    ///   - assets: the kinds whose lists it holds.
    static func among(_ open: [ActionRow], in assets: Set<AssetType>, fetchedAt: Timestamp) -> [ActionRow] {
        open.filter { action in
            guard action.state == .acknowledged, EffectObservation.isDestructive(action), let sent = action.sentAt,
                action.detail != remark, assets.contains(action.item.asset)
            else { return false }
            return fetchedAt.milliseconds(since: sent) >= EffectObservation.patienceMilliseconds
        }
    }

    /// One log row per rule.
    static func report(_ db: UserDatabase.Connection, _ overdue: [ActionRow], at now: Timestamp) throws {
        for (rule, actions) in Dictionary(grouping: overdue, by: \.rule) {
            guard let first = actions.first else { continue }
            try ActionRepository.remark(db, actions.map(\.id), remark)
            _ = try ExecutionLogRepository.insert(
                db,
                NewExecution(
                    rule: rule, ruleName: first.ruleName, itemsProcessed: 0, isSuccess: false,
                    errorMessage: "\(actions.count) without effect: \(remark)", at: now))
        }
    }
}
