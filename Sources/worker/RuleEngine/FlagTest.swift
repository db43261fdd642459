/// How a flag is held against the condition's value.
enum FlagTest: Sendable, Hashable {
    /// `is_true`, `is_false`, and a plain value without operator.
    case equals(Bool)
    /// The flag as 1 or 0.
    case number(NumericComparison, Double)

    func holds(_ flag: Bool) -> Bool {
        switch self {
        case .equals(let wanted): flag == wanted
        case .number(let comparison, let value): comparison.holds(flag ? 1 : 0, value)
        }
    }
}
