/// What came of reading a condition.
enum ConditionReading: Sendable, Equatable {
    case usable(Condition)
    /// Understood well enough to be stored, but it can never hold; the note says why.
    case inert(Condition, note: String)
    /// Not understood. On save a reason to refuse; in a stored rule the condition is unknown for every download.
    case refused(reason: String)
}
