import DomainModel

/// Reads the members of a posted rule one by one and collects what is wrong with them.
struct RuleReading {
    private(set) var reasons: [String] = []
    private let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) { self.members = members }

    /// Nil when something without which there is no rule could not be read; ``reasons`` says what then.
    mutating func draft() -> RuleDraft? {
        let name = name()
        let isEnabled = isEnabled()
        let assetTypes = assetTypes()
        let trigger = trigger()
        let action = action(assetTypes)
        let conditions = conditions(assetTypes)
        guard let name, let isEnabled, let trigger, let action, let conditions, !assetTypes.isEmpty else { return nil }
        return RuleDraft(
            id: members["id"]?.integerValue.map(RuleID.init), name: name, isEnabled: isEnabled,
            assetTypes: assetTypes, trigger: trigger, conditions: conditions, action: action,
            metadata: members["metadata"] ?? .null)
    }

    private mutating func refuse<Value>(_ reason: String) -> Value? {
        reasons.append(reason)
        return nil
    }
}

// MARK: - The rule itself

extension RuleReading {
    private mutating func name() -> String? {
        guard let name = members["name"]?.stringValue, !name.allSatisfy(\.isWhitespace) else {
            return refuse("name must be a non-empty text")
        }
        return name
    }

    /// Absent means disabled.
    private mutating func isEnabled() -> Bool? {
        guard let value = members["enabled"] else { return false }
        return value.boolValue ?? refuse("enabled must be true or false")
    }

    /// The first frontend knew torrents only: its flat rules come without asset types.
    private var isFlat: Bool {
        members["groups"]?.arrayValue?.isEmpty != false && members["conditions"]?.arrayValue != nil
    }

    private mutating func assetTypes() -> [AssetType] {
        guard let value = members["assetTypes"] else {
            if isFlat { return [.torrent] }
            reasons.append("assetTypes must be a non-empty list")
            return []
        }
        guard let list = value.arrayValue, !list.isEmpty else {
            reasons.append("assetTypes must be a non-empty list")
            return []
        }
        let known = list.compactMap { $0.stringValue.flatMap(AssetType.init(rawValue:)) }
        guard known.count == list.count else {
            reasons.append("assetTypes may name torrent, usenet and webdl only")
            return []
        }
        return Set(known).sorted { $0.rawValue < $1.rawValue }
    }

    private mutating func trigger() -> JSONValue? {
        guard let posted = members["trigger"] ?? members["trigger_config"] else { return refuse("trigger is missing") }
        return RuleValidator.normalizedTrigger(posted) ?? refuse("trigger must be an object with a type")
    }

    private mutating func action(_ assetTypes: [AssetType]) -> JSONValue? {
        guard let posted = members["action"] ?? members["action_config"] else { return refuse("action is missing") }
        if case .failure(let problem) = ActionReader.maximumItems(posted) { reasons.append(problem.reason) }
        switch ActionReader.read(posted) {
        case .failure(let problem): return refuse(problem.reason)
        case .success(let action):
            if action.isTorrentOnly, !assetTypes.isEmpty, assetTypes != [.torrent] {
                return refuse("action \(action.name) is for torrents only")
            }
            return posted
        }
    }
}

// MARK: - Conditions

extension RuleReading {
    /// The stored form of groups or, without any, of the flat list.
    private mutating func conditions(_ assetTypes: [AssetType]) -> JSONValue? {
        guard let logic = logicOperator(members["logicOperator"], "rule") else { return nil }
        let groups = postedGroups(logic)
        var count = 0
        for (index, group) in groups.enumerated() { count += check(group, index + 1, assetTypes) }
        if count > RuleValidator.maximumConditions {
            reasons.append("at most \(RuleValidator.maximumConditions) conditions")
        }
        return .object(["logicOperator": .string(logic.rawValue), "groups": .array(groups)])
    }

    private mutating func postedGroups(_ logic: LogicOperator) -> [JSONValue] {
        if let groups = members["groups"]?.arrayValue, !groups.isEmpty { return groups }
        let flat = members["conditions"]?.arrayValue ?? []
        if logic == .or, flat.count > 1 {
            // Stock stored such a list joined by `and`. Neither reading is safe: the person has to say which.
            reasons.append("a flat list of conditions cannot be joined by or; use groups")
        }
        return [.object(["logicOperator": .string(LogicOperator.and.rawValue), "conditions": .array(flat)])]
    }

    /// Returns how many conditions the group has.
    private mutating func check(_ group: JSONValue, _ number: Int, _ assetTypes: [AssetType]) -> Int {
        guard group.objectValue != nil else {
            reasons.append("group \(number) must be an object")
            return 0
        }
        _ = logicOperator(group["logicOperator"], "group \(number)")
        guard let posted = group["conditions"], !posted.isNull else { return 0 }
        guard let conditions = posted.arrayValue else {
            reasons.append("group \(number): conditions must be a list")
            return 0
        }
        for (index, condition) in conditions.enumerated() {
            check(condition, "group \(number), condition \(index + 1)", assetTypes)
        }
        return conditions.count
    }

    private mutating func check(_ condition: JSONValue, _ place: String, _ assetTypes: [AssetType]) {
        switch ConditionReader(isStored: false).read(condition) {
        case .refused(let reason): reasons.append("\(place): \(reason)")
        case .usable(let condition), .inert(let condition, _):
            guard let type = condition.type, type.isTorrentOnly, !assetTypes.isEmpty, assetTypes != [.torrent] else {
                return
            }
            reasons.append("\(place): \(type.rawValue) is for torrents only")
        }
    }

    private mutating func logicOperator(_ value: JSONValue?, _ place: String) -> LogicOperator? {
        guard let value, !value.isNull else { return .and }
        return value.stringValue.flatMap(LogicOperator.init(rawValue:))
            ?? refuse("\(place): logicOperator must be and or or")
    }
}
