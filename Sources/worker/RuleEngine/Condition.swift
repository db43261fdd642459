import DomainModel

/// One condition, understood: what it looks at and how that is held against its value.
struct Condition: Sendable, Hashable {
    enum Test: Sendable, Hashable {
        case number(NumericComparison, Double)
        case average(NumericComparison, Double, hours: Double)
        case text(TextTest, TextPattern, shown: String)
        case flag(FlagTest)
        case status(StatusTest, shown: String)
        case tags(TagTest, TagList)
        /// Not understood: unknown for every download.
        case never
    }

    /// Nil when the type itself was not understood.
    let type: ConditionType?
    let test: Test

    static let notUnderstood = Condition(type: nil, test: .never)

    func truth(of item: borrowing DownloadItem, in context: borrowing EvaluationContext) -> Truth {
        guard let type else { return .unknown }
        switch test {
        case .number(let comparison, let value): return number(type, comparison, value, item, context)
        case .average(let comparison, let value, let hours):
            guard let average = AverageSpeed.measure(type, hours: hours, item.key, context) else { return .unknown }
            return Truth(comparison.holds(average, value))
        case .text(let test, let pattern, _):
            guard let text = Self.text(type, of: item) else { return .unknown }
            return Truth(test.holds(text, pattern))
        case .flag(let test): return Truth(test.holds(Self.flag(type, of: item)))
        case .status(let test, _):
            return item.hasUnreadableState && !item.isMarkedQueued ? .unknown : Truth(test.holds(.of(item)))
        case .tags(let test, let list): return Truth(test.holds(context.tags[item.key] ?? [], list))
        case .never: return .unknown
        }
    }

    static func text(_ type: ConditionType, of item: borrowing DownloadItem) -> String? {
        switch type {
        case .name: item.name
        case .tracker: item.tracker
        default: item.originalURL
        }
    }

    static func flag(_ type: ConditionType, of item: borrowing DownloadItem) -> Bool {
        switch type {
        case .isPrivate: item.isPrivate
        case .cached: item.isCached
        case .allowZip: item.allowsZip
        case .isActive: item.isActive
        case .isAirlocked: item.isAirlocked
        case .seedingEnabled: item.isSeedingEnabled
        default: item.isLongTermSeeding
        }
    }

    private func number(
        _ type: ConditionType, _ comparison: NumericComparison, _ value: Double, _ item: borrowing DownloadItem,
        _ context: borrowing EvaluationContext
    ) -> Truth {
        // A stall is only looked at while the state says that there can be one.
        if let state = type.stalledState {
            if item.hasUnreadableState && !item.isMarkedQueued { return .unknown }
            guard DerivedStatus.of(item) == state else { return .no }
        }
        guard let observed = NumericMeasure.measure(type, item, context) else { return .unknown }
        // What has expired is within every span and beyond none.
        if type == .expiresAt, observed < 0 {
            switch comparison {
            case .gt, .gte: return .no
            case .lt, .lte: return .yes
            case .eq: break
            }
        }
        return Truth(comparison.holds(observed, value))
    }
}

extension ConditionType {
    fileprivate var stalledState: DerivedStatus? {
        switch self {
        case .downloadStalledTime: .stalled
        case .uploadStalledTime: .seeding
        default: nil
        }
    }
}
