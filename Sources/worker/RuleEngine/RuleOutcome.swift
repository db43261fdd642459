/// What a rule makes of a list, as indexes into it in ascending order.
package struct RuleOutcome: Sendable, Equatable {
    /// Items for which the rule holds.
    package var selected: [Int] = []
    /// Those of them for which the action still has something to do.
    package var targets: [Int] = []
    /// Items for which it cannot be told; nothing happens to them.
    package var unknown: [Int] = []

    package init(selected: [Int] = [], targets: [Int] = [], unknown: [Int] = []) {
        self.selected = selected
        self.targets = targets
        self.unknown = unknown
    }

    /// With the selected items that satisfy `isUncertain` among the unknown ones.
    package func uncertain(_ isUncertain: (Int) -> Bool) -> RuleOutcome {
        let moved = selected.filter(isUncertain)
        guard !moved.isEmpty else { return self }
        return RuleOutcome(
            selected: selected.filter { !isUncertain($0) }, targets: targets.filter { !isUncertain($0) },
            unknown: (unknown + moved).sorted())
    }
}
