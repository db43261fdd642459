/// How a text is held against a pattern.
enum TextTest: String, Sendable, Hashable {
    case contains
    case notContains = "not_contains"
    case equals
    case notEquals = "not_equals"
    case startsWith = "starts_with"
    case endsWith = "ends_with"

    init?(_ conditionOperator: ConditionOperator) { self.init(rawValue: conditionOperator.rawValue) }

    func holds(_ text: String, _ pattern: TextPattern) -> Bool {
        switch self {
        case .contains: pattern.isContained(in: text)
        case .notContains: !pattern.isContained(in: text)
        case .equals: pattern.equals(text)
        case .notEquals: !pattern.equals(text)
        case .startsWith: pattern.isPrefix(of: text)
        case .endsWith: pattern.isSuffix(of: text)
        }
    }
}
