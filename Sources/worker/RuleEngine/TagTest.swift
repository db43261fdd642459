/// How a download's local tags are held against the tags that a condition names.
enum TagTest: Sendable, Hashable {
    case any, all, none, isSet, isNotSet

    init?(_ conditionOperator: ConditionOperator) {
        switch conditionOperator {
        case .isAnyOf, .hasAny: self = .any
        case .isAllOf, .hasAll: self = .all
        case .isNoneOf, .hasNone: self = .none
        case .isSet: self = .isSet
        case .isNotSet: self = .isNotSet
        default: return nil
        }
    }

    /// Naming no usable tag makes every test but the two on presence fail, the negative one included.
    func holds(_ tags: Set<Int64>, _ named: TagList) -> Bool {
        switch self {
        case .isSet: !tags.isEmpty
        case .isNotSet: tags.isEmpty
        case .any: named.ids.contains { tags.contains($0) }
        case .all: !named.isEmpty && !named.hasImpossible && named.ids.allSatisfy { tags.contains($0) }
        case .none: !named.isEmpty && !named.ids.contains { tags.contains($0) }
        }
    }
}
