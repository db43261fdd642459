import DomainModel

/// Reads the columns of a stored rule with all the tolerance they need, and notes what was odd about them.
struct RuleCompiler {
    private(set) var attention: [String] = []
    private let reader = ConditionReader(isStored: true)

    mutating func assetTypes(_ value: JSONValue) -> [AssetType] {
        if value.isNull { return [.torrent] }
        let names = value.arrayValue ?? []
        let known = Set(names.compactMap { $0.stringValue.flatMap(AssetType.init(rawValue:)) })
        if known.isEmpty || known.count < Set(names).count { attention.append("unknown asset types") }
        return known.sorted()
    }

    mutating func interval(_ trigger: JSONValue) -> Int? {
        if trigger["type"]?.stringValue != "interval" { attention.append("unknown trigger; evaluated at every poll") }
        guard let minutes = IntervalGate.minutes(ofStored: trigger) else { return nil }
        return Int(exactly: minutes.rounded(.up)) ?? (minutes > 0 ? .max : nil)
    }

    mutating func action(_ value: JSONValue) -> RuleAction? {
        switch ActionReader.read(value) {
        case .success(let action): return action
        case .failure(let problem):
            attention.append(problem.reason)
            return nil
        }
    }

    /// A limit that cannot be read must not become none at all: then it is 1.
    mutating func maximumItems(_ action: JSONValue) -> Int? {
        switch ActionReader.maximumItems(action) {
        case .success(let limit): return limit
        case .failure(let problem):
            attention.append(problem.reason)
            return 1
        }
    }

    mutating func conditions(_ column: JSONValue) -> (logic: LogicOperator?, groups: [ConditionGroup]) {
        if let flat = column.arrayValue {
            return (
                .and,
                [
                    ConditionGroup(
                        logic: .and, conditions: flat.enumerated().map { condition($1, "condition \($0 + 1)") })
                ]
            )
        }
        let groups = (column["groups"]?.arrayValue ?? []).enumerated().map { group($1, "group \($0 + 1)") }
        return (logic(column["logicOperator"], "rule"), groups)
    }

    /// Whether the asset types know every condition and the action.
    mutating func fits(_ assetTypes: [AssetType], _ conditions: [Condition], _ action: RuleAction?) -> Bool {
        guard !assetTypes.isEmpty else { return false }
        guard assetTypes != [.torrent] else { return true }
        let unfit =
            conditions.compactMap(\.type).filter(\.isTorrentOnly).map(\.rawValue)
            + [action].compactMap { $0 }.filter(\.isTorrentOnly).map(\.name)
        for name in unfit { attention.append("\(name) is for torrents only") }
        return unfit.isEmpty
    }

    private mutating func group(_ value: JSONValue, _ place: String) -> ConditionGroup {
        guard value.objectValue != nil else {
            attention.append("\(place) is no object")
            return ConditionGroup(logic: nil, conditions: [.notUnderstood])
        }
        let conditions = (value["conditions"]?.arrayValue ?? []).enumerated().map {
            condition($1, "\(place), condition \($0 + 1)")
        }
        return ConditionGroup(logic: logic(value["logicOperator"], place), conditions: conditions)
    }

    private mutating func condition(_ value: JSONValue, _ place: String) -> Condition {
        switch reader.read(value) {
        case .usable(let condition): return condition
        case .inert(let condition, let note):
            attention.append("\(place): \(note)")
            return condition
        case .refused(let reason):
            attention.append("\(place): \(reason)")
            let type = value["type"]?.stringValue.flatMap(ConditionType.init(rawValue:))
            return Condition(type: type, test: .never)
        }
    }

    private mutating func logic(_ value: JSONValue?, _ place: String) -> LogicOperator? {
        guard let value, !value.isNull else { return .and }
        if let known = value.stringValue.flatMap(LogicOperator.init(rawValue:)) { return known }
        attention.append("\(place): unknown logic operator")
        return nil
    }
}
