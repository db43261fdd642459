import DomainModel

/// What a rule means, stripped of everything that makes no difference; equal for rules that mean the same.
struct RuleDefinition: Equatable {
    private let assetTypes: Set<JSONValue>
    private let trigger: JSONValue
    private let logicOperator: JSONValue
    private let groups: [JSONValue]
    private let action: JSONValue

    init(assetTypes: JSONValue, trigger: JSONValue, conditions: JSONValue, action: JSONValue) {
        self.assetTypes = Set(assetTypes.arrayValue ?? [.string(AssetType.torrent.rawValue)])
        self.trigger = Self.kept(["type", "value"], of: trigger)
        self.action = Self.kept(["type", "tagIds", "maxItems"], of: action)
        if let flat = conditions.arrayValue {
            logicOperator = Self.and
            groups = [Self.group(.object(["conditions": .array(flat)]))]
        } else {
            logicOperator = Self.logicOperator(conditions["logicOperator"])
            groups = (conditions["groups"]?.arrayValue ?? []).map(Self.group)
        }
    }

    private static let and = JSONValue.string(LogicOperator.and.rawValue)

    private static func logicOperator(_ value: JSONValue?) -> JSONValue {
        guard let value, !value.isNull else { return and }
        return value
    }

    private static func group(_ value: JSONValue) -> JSONValue {
        guard value.objectValue != nil else { return value }
        let conditions = (value["conditions"]?.arrayValue ?? []).map {
            kept(["type", "operator", "value", "hours"], of: $0)
        }
        return .object(["logicOperator": logicOperator(value["logicOperator"]), "conditions": .array(conditions)])
    }

    /// The members that carry meaning, their numbers in one spelling.
    private static func kept(_ keys: Set<String>, of value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(members.filter { keys.contains($0.key) }.mapValues(normalized))
    }

    private static func normalized(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): Int64(exactly: number).map(JSONValue.integer) ?? value
        case .array(let elements): .array(elements.map(normalized))
        case .object(let members): .object(members.mapValues(normalized))
        default: value
        }
    }
}
