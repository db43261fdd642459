/// A number held against the condition's value, exactly: no rounding, no tolerance.
enum NumericComparison: String, Sendable, Hashable {
    case gt, lt, gte, lte, eq

    init?(_ conditionOperator: ConditionOperator) { self.init(rawValue: conditionOperator.rawValue) }

    func holds(_ observed: Double, _ value: Double) -> Bool {
        switch self {
        case .gt: observed > value
        case .lt: observed < value
        case .gte: observed >= value
        case .lte: observed <= value
        case .eq: observed == value
        }
    }

    /// As people write it.
    var symbol: String {
        switch self {
        case .gt: ">"
        case .lt: "<"
        case .gte: ">="
        case .lte: "<="
        case .eq: "="
        }
    }
}
