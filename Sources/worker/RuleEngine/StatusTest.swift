/// The states that a STATUS condition accepts.
struct StatusTest: Sendable, Hashable {
    /// Whether the states named are the ones that must not be.
    let isNegative: Bool
    /// The states that make it true. Empty when none was named: then it holds for nothing, negative or not.
    private let accepted: Set<DerivedStatus>

    /// Names that are no state are never met; they still count as named.
    init(names: [String], isListEmpty: Bool, isNegative: Bool) {
        self.isNegative = isNegative
        let named = Set(names.compactMap(DerivedStatus.init(rawValue:)))
        if isListEmpty {
            accepted = []
        } else {
            accepted = isNegative ? Set(DerivedStatus.allCases).subtracting(named) : named
        }
    }

    func holds(_ status: DerivedStatus) -> Bool { accepted.contains(status) }
}
