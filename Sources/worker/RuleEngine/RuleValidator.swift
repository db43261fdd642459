package import DomainModel

/// Decides whether a posted rule may be stored.
///
/// Stricter than the stock backend where that stored rules which could never work or did something else than they
/// said: operators must fit the condition's type, numbers must be numbers, a window of an average is at most a week.
package enum RuleValidator {
    /// Most conditions in one rule; beyond any rule made by hand.
    package static let maximumConditions = 1_000

    /// Reads one element of a posted rule list. All reasons are collected.
    package static func validate(_ posted: JSONValue) -> Result<RuleDraft, RuleRejection> {
        guard let members = posted.objectValue else {
            return .failure(RuleRejection(reasons: ["rule must be an object"]))
        }
        var reading = RuleReading(members)
        let draft = reading.draft()
        guard let draft, reading.reasons.isEmpty else { return .failure(RuleRejection(reasons: reading.reasons)) }
        return .success(draft)
    }

    /// What becomes of a posted trigger: the trigger as it is stored, or nil when it is refused.
    package static func normalizedTrigger(_ posted: JSONValue) -> JSONValue? {
        guard case .object(var members) = posted, let type = members["type"]?.stringValue else { return nil }
        if type == "interval" { members["value"] = .integer(Int64(IntervalGate.normalize(members["value"]))) }
        return .object(members)
    }
}
