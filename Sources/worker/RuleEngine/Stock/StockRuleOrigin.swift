/// Which version of the stock backend a rule was last evaluated by, as far as that can be told.
package enum StockRuleOrigin: Sendable, Hashable, CaseIterable {
    /// The first one, of January 2026.
    case january
    /// One in between, of which it is not known what it took units for.
    case between
    /// The newest one.
    case newest
}
