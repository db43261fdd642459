import DomainModel

/// Decides what becomes of a rule of the stock backend. Pure.
///
/// Three outcomes for each part of it: it means the same here; it can be written so that it does; or its meaning is lost, and
/// then the rule may not run before a person has said what it should do. Where the stock backend itself took a rule for
/// something else than it says, what it did counts, not what it says.
package struct StockRuleReader {
    private let origin: StockRuleOrigin
    /// Whether the rule is older than the file's time with later versions than the first.
    private let isOlder: Bool
    private var verdict = StockRuleVerdict()

    /// - Parameters:
    ///   - cooldownMinutes: how long it rested after it acted, where that still counted; 0 for none.
    ///   - isOlder: whether the rule was made before a later version than the first opened the file.
    package static func read(
        _ rule: StoredRule, origin: StockRuleOrigin, cooldownMinutes: Int64 = 0, isOlder: Bool = false
    ) -> StockRuleVerdict {
        var reader = StockRuleReader(origin: origin, isOlder: isOlder)
        reader.readTrigger(rule.trigger, cooldownMinutes)
        reader.readConditions(rule.conditions)
        if case .failure(let problem) = ActionReader.read(rule.action) {
            reader.note(.actionUnknown, problem.reason)
        }
        return reader.verdict
    }

    private init(origin: StockRuleOrigin, isOlder: Bool) {
        self.origin = origin
        self.isOlder = isOlder
    }

    private mutating func note(_ kind: StockRuleVerdict.Kind, _ text: String) {
        verdict.notes.append(.init(kind: kind, text: text))
    }

    // MARK: Trigger

    /// The first version looked at every rule at each poll, held back only by the cooldown; later ones know no cooldown.
    private mutating func readTrigger(_ trigger: JSONValue, _ cooldown: Int64) {
        let interval = IntervalGate.minutes(ofStored: trigger)
        let pace = max(interval ?? 0, Double(IntervalGate.minimumMinutes))
        if origin != .newest, Double(cooldown) > pace {
            var members = trigger.objectValue ?? [:]
            members["type"] = .string("interval")
            members["value"] = .integer(cooldown)
            verdict.trigger = .object(members)
            note(.cooldown, "the cooldown of \(cooldown) minutes is its interval now")
        } else if origin == .january {
            note(.pace, "ran at every poll, runs every \(JSONValue.number(pace).compactText) minutes now")
        }
    }

    // MARK: Conditions

    private mutating func readConditions(_ column: JSONValue) {
        if let flat = column.arrayValue {
            if flat.isEmpty, origin != .newest {
                note(
                    .emptyConditions,
                    "has no conditions: the first version took that for every download, here it is none")
            }
            let adapted = flat.enumerated().map { adapt($1, "condition \($0 + 1)", isFlat: true) }
            if adapted != flat { verdict.conditions = .array(adapted) }
            return
        }
        guard var members = column.objectValue else {
            return note(.neverHolds, "its conditions cannot be read, so it matches nothing, here as there")
        }
        let groups = members["groups"]?.arrayValue ?? []
        let adapted = groups.enumerated().map { adaptGroup($1, $0 + 1) }
        if adapted != groups {
            members["groups"] = .array(adapted)
            verdict.conditions = .object(members)
        }
    }

    private mutating func adaptGroup(_ group: JSONValue, _ number: Int) -> JSONValue {
        guard var members = group.objectValue, let conditions = members["conditions"]?.arrayValue else { return group }
        members["conditions"] = .array(
            conditions.enumerated().map { adapt($1, "group \(number), condition \($0 + 1)", isFlat: false) })
        return .object(members)
    }

    private mutating func adapt(_ value: JSONValue, _ place: String, isFlat: Bool) -> JSONValue {
        guard let members = value.objectValue, let name = members["type"]?.stringValue else {
            note(.notUnderstood, "\(place): is no condition")
            return value
        }
        var condition = StockCondition(members, name, origin: origin, isFlat: isFlat, isOlder: isOlder)
        condition.adapt()
        for found in condition.notes { note(found.kind, "\(place): \(name) \(found.text)") }
        return condition.members == members ? value : .object(condition.members)
    }
}
