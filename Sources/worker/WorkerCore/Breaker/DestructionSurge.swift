/// Whether one poll of one user wants to destroy far more than that user's rules usually do. Pure.
enum DestructionSurge {
    /// Fewer items are no surge, whatever was usual: half of what one run may always destroy.
    static let leastItems = 5
    /// So many times the user's average day in one poll. A rule that catches up after a day away wants one day's worth,
    /// after a weekend two or three.
    static let factor = 3
    /// What counts as usual is taken from the journal of this time, so that a restart does not forget it.
    static let memoryDays = 7
    static let memoryMilliseconds = Int64(memoryDays) * 86_400_000

    /// Whether so many can be one at all: what was destroyed lately need be counted only then.
    static func isPossible(wanted: Int) -> Bool { wanted >= leastItems }

    /// - Parameters:
    ///   - wanted: items that long-standing rules want to destroy in this poll.
    ///   - destroyedLately: items that rules of the user destroyed in the last ``memoryDays``.
    static func isSurge(wanted: Int, destroyedLately: Int) -> Bool {
        isPossible(wanted: wanted) && wanted * memoryDays > factor * destroyedLately
    }
}
