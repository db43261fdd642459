/// The states that a STATUS condition accepts.
struct StatusTest: Sendable, Hashable {
    /// Whether the states named are the ones that must not be.
    let isNegative: Bool
    /// One flag per state, in the order of ``DerivedStatus/allCases``. None when no state was named: then it holds for
    /// nothing, negative or not.
    private let accepted: [Bool]

    /// Names that are no state are never met; they still count as named.
    init(names: [String], isListEmpty: Bool, isNegative: Bool) {
        self.isNegative = isNegative
        accepted = DerivedStatus.allCases.map { !isListEmpty && names.contains($0.rawValue) != isNegative }
    }

    func holds(_ status: DerivedStatus) -> Bool { accepted[status.ordinal] }
}
