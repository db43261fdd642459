package import DomainModel

/// A rule made ready to be evaluated.
///
/// Never fails: what it cannot understand is unknown for every download, can therefore not make the rule act, and is
/// named in ``attention``.
package struct RuleProgram: Sendable {
    package let id: RuleID
    package let revision: Int64
    package let name: String
    package let isEnabled: Bool
    /// In the order torrent, usenet, webdl.
    package let assetTypes: [AssetType]
    /// Whole minutes, rounded up, not clamped. Nil: every poll.
    package let intervalMinutes: Int?
    /// Nil when the action was not understood; the rule selects nothing then.
    package let action: RuleAction?
    /// Tags that the conditions or the action name. One that does not exist makes the rule meaningless.
    package let referencedTagIDs: Set<Int64>
    /// Whether a condition asks what earlier polls observed of activity and stalls.
    package let usesTelemetry: Bool
    /// Longest window of its average speeds, in hours; nil when it has none.
    package let averageHours: Double?
    /// Fields of the rows that its conditions rest on.
    package let requiredFields: Set<ItemField>
    /// The rule's own limit on items per run.
    package let maxItems: Int?
    /// What could not be understood or can never hold, for people. Empty for a sound rule.
    package let attention: [String]

    let logic: LogicOperator?
    let groups: [ConditionGroup]
    /// Whether it can select anything at all: enabled, with an action, and all its parts fit all its asset types.
    package let isRunnable: Bool

    package init(_ stored: StoredRule) {
        var compiler = RuleCompiler()
        let conditions = compiler.conditions(stored.conditions)
        let used = conditions.groups.flatMap(\.conditions)
        id = stored.id
        revision = stored.revision
        name = stored.name
        isEnabled = stored.isEnabled
        assetTypes = compiler.assetTypes(stored.assetTypes)
        intervalMinutes = compiler.interval(stored.trigger)
        action = compiler.action(stored.action)
        maxItems = compiler.maximumItems(stored.action)
        logic = conditions.logic
        groups = conditions.groups
        referencedTagIDs = Set(used.flatMap(\.namedTagIDs)).union(action?.tagIDs ?? [])
        usesTelemetry = used.contains { $0.type?.usesTelemetry == true }
        averageHours = used.compactMap(\.averageHours).max()
        requiredFields = used.reduce(into: []) { $0.formUnion($1.type?.requiredFields ?? []) }
        isRunnable = compiler.fits(assetTypes, used, action) && action != nil && stored.isEnabled
        attention = compiler.attention
    }
}

extension Condition {
    fileprivate var namedTagIDs: [Int64] {
        guard case .tags(_, let list) = test else { return [] }
        return list.ids
    }

    fileprivate var averageHours: Double? {
        guard case .average(_, _, let hours) = test else { return nil }
        return hours
    }
}
