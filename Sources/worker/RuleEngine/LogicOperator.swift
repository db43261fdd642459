/// How truths are joined, in groups and between them: `and` with a false is false, `or` with a true is true,
/// otherwise unknown stays unknown.
enum LogicOperator: String, Sendable, Hashable {
    case and, or

    /// The truth that settles the result whatever else there is.
    var decisive: Truth { self == .and ? .no : .yes }

    /// The result when nothing was decisive. Nothing to join is false: an empty group matches nothing.
    func settled(isEmpty: Bool, sawUnknown: Bool) -> Truth {
        if isEmpty { return .no }
        if sawUnknown { return .unknown }
        return self == .and ? .yes : .no
    }
}
