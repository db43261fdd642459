import DomainModel
import RuleEngine

/// Rules as they are posted: mostly sound, so that they reach the compiler and the evaluator, with odd parts here and there.
extension Grower {
    mutating func rule(id: Int) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .integer(Int64(id)), "name": text(), "enabled": .bool(!isTrue(oneIn: 8)),
            "trigger": .object(["type": .string("interval"), "value": number()]), "action": action(),
            "logicOperator": logic(), "groups": list(upTo: 3) { $0.group() },
        ]
        if isTrue() { members["assetTypes"] = list(upTo: 3) { .string($0.pick(["torrent", "usenet", "webdl"])) } }
        if isTrue(oneIn: 16) { members[pick(Array(members.keys.sorted()))] = oddity() }
        return .object(members)
    }

    private mutating func logic() -> JSONValue { isTrue(oneIn: 16) ? oddity() : .string(pick(["and", "or"])) }

    private mutating func action() -> JSONValue {
        var members: [String: JSONValue] = [
            "type": .string(
                pick([
                    "delete", "archive", "stop_seeding", "force_start", "add_tag", "remove_tag", "add_airlock",
                    "remove_airlock",
                ]))
        ]
        if isTrue() { members["tagIds"] = list(upTo: 3) { .integer(Int64($0.count(below: 4))) } }
        if isTrue(oneIn: 4) { members["maxItems"] = number() }
        return .object(members)
    }

    private mutating func group() -> JSONValue {
        .object(["logicOperator": logic(), "conditions": list(upTo: 4) { $0.condition() }])
    }

    private mutating func condition() -> JSONValue {
        let type = pick(ConditionType.allCases)
        var members: [String: JSONValue] = ["type": .string(type.rawValue), "value": number()]
        switch type {
        case .name, .tracker, .originalURL:
            members["operator"] = .string(
                pick(["contains", "not_contains", "equals", "not_equals", "starts_with", "ends_with"]))
            members["value"] = text()
        case .status:
            members["operator"] = .string(pick(["is_any_of", "is_none_of"]))
            members["value"] = list(upTo: 3) {
                .string($0.pick(["seeding", "downloading", "stalled", "completed", "failed", "queued", "inactive"]))
            }
        case .tags:
            members["operator"] = .string(
                pick(["is_any_of", "is_all_of", "is_none_of", "has_any", "has_all", "has_none", "is_set", "is_not_set"]))
            members["value"] = list(upTo: 3) { .integer(Int64($0.count(below: 4))) }
        case .isPrivate, .cached, .allowZip, .isActive, .isAirlocked, .seedingEnabled, .longTermSeeding:
            members["operator"] = .string(pick(["is_true", "is_false", "eq", "gt"]))
        default:
            members["operator"] = .string(pick(["gt", "lt", "gte", "lte", "eq"]))
            if isTrue(oneIn: 3) { members["hours"] = number() }
        }
        if isTrue(oneIn: 16) { members[pick(["type", "operator", "value", "hours"])] = oddity() }
        return .object(members)
    }
}
