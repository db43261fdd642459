/// Every operator that a stored rule may name. There is no pattern matching and no "not equal" for numbers.
enum ConditionOperator: String, Sendable, Hashable, CaseIterable {
    case gt, lt, gte, lte, eq
    case hasAny = "has_any"
    case hasAll = "has_all"
    case hasNone = "has_none"
    case isAnyOf = "is_any_of"
    case isAllOf = "is_all_of"
    case isNoneOf = "is_none_of"
    case isSet = "is_set"
    case isNotSet = "is_not_set"
    case contains
    case notContains = "not_contains"
    case equals
    case notEquals = "not_equals"
    case startsWith = "starts_with"
    case endsWith = "ends_with"
    case isTrue = "is_true"
    case isFalse = "is_false"
}
