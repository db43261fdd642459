import RuleEngine

extension ActionPlanner.SkipReason {
    /// For the journal.
    var text: String {
        switch self {
        case .protected: "protected by the user"
        case .airlocked: "airlocked at TorBox"
        case .awaitingEffect: "the same action is still open"
        case .parked: "parked earlier"
        case .conflict: "another rule destroys it in the same poll"
        }
    }
}
