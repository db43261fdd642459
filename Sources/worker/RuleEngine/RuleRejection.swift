/// Why a posted rule is refused, all reasons at once, for the person who wrote it.
package struct RuleRejection: Error, Sendable, Equatable {
    /// At least one; each a phrase such as `group 1, condition 2: RATIO needs a number as value`.
    package let reasons: [String]

    package init(reasons: [String]) { self.reasons = reasons }
}
