import DomainModel

/// Reads a rule's action.
enum ActionReader {
    struct Problem: Error, Equatable {
        let reason: String
    }

    static func read(_ value: JSONValue) -> Result<RuleAction, Problem> {
        guard value.objectValue != nil else { return .failure(Problem(reason: "action must be an object")) }
        guard let name = value["type"]?.stringValue else { return .failure(Problem(reason: "action has no type")) }
        switch name {
        case "stop_seeding": return .success(.stopSeeding)
        case "archive": return .success(.archive)
        case "delete": return .success(.delete)
        case "force_start": return .success(.forceStart)
        case "add_tag": return tagIDs(value, name).map { .addTag($0) }
        case "remove_tag": return tagIDs(value, name).map { .removeTag($0) }
        case "add_airlock": return .success(.addAirlock)
        case "remove_airlock": return .success(.removeAirlock)
        default: return .failure(Problem(reason: "unknown action \(name.shownInReason)"))
        }
    }

    /// The rule's own limit on items per run, an extension of ours. Nil when there is none.
    static func maximumItems(_ value: JSONValue) -> Result<Int?, Problem> {
        guard let limit = value["maxItems"], !limit.isNull else { return .success(nil) }
        guard let whole = limit.integerValue, whole > 0, let number = Int(exactly: whole) else {
            return .failure(Problem(reason: "action maxItems must be a positive whole number"))
        }
        return .success(number)
    }

    private static func tagIDs(_ value: JSONValue, _ name: String) -> Result<[Int64], Problem> {
        let ids = value["tagIds"]?.arrayValue?.map(\.integerValue) ?? []
        let usable = ids.compactMap { $0 }.filter { $0 > 0 }
        guard !usable.isEmpty, usable.count == ids.count else {
            return .failure(Problem(reason: "action \(name) needs tagIds: a non-empty list of positive whole numbers"))
        }
        var seen: Set<Int64> = []
        return .success(usable.filter { seen.insert($0).inserted })
    }
}
