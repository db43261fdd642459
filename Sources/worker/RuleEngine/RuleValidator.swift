package import DomainModel

/// Decides whether a posted rule may be stored.
///
/// Stricter than the stock backend where that stored rules which could never work or did something else than they
/// said: operators must fit the condition's type, numbers must be numbers, a window of an average is at most a week.
package enum RuleValidator {
    /// Most conditions in one rule; beyond any rule made by hand.
    package static let maximumConditions = 1_000

    /// Reads one element of a posted rule list. All reasons are collected.
    ///
    /// Clients post the whole list at every change. A rule that means what `stored` (the row of its id, if any) means
    /// already is therefore let through with conditions that a new rule could not have: they came from elsewhere, stay
    /// unknown when evaluated, and must not stand in the way of saving the others.
    package static func validate(
        _ posted: JSONValue, unchangedFrom stored: StoredRule? = nil
    ) -> Result<RuleDraft, RuleRejection> {
        guard let members = posted.objectValue else {
            return .failure(RuleRejection(reasons: ["rule must be an object"]))
        }
        var reading = RuleReading(members)
        guard let draft = reading.draft() else { return .failure(RuleRejection(reasons: reading.reasons)) }
        if reading.reasons.isEmpty { return .success(draft) }
        if let stored, draft.definitionEquals(stored) { return .success(draft) }
        return .failure(RuleRejection(reasons: reading.reasons))
    }

    /// What becomes of a posted trigger: the trigger as it is stored, or nil when it is refused.
    package static func normalizedTrigger(_ posted: JSONValue) -> JSONValue? {
        guard case .object(var members) = posted, let type = members["type"]?.stringValue else { return nil }
        if type == "interval" { members["value"] = .integer(Int64(IntervalGate.normalize(members["value"]))) }
        return .object(members)
    }
}
