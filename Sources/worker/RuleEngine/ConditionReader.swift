import DomainModel

/// Reads conditions. One reader for saving and for stored rules, so that what is accepted is what is evaluated.
struct ConditionReader {
    /// Longest window of an average, in hours: a week, as far as samples are kept.
    static let maximumHours = 168.0

    /// Stored rules from elsewhere get the little leniency whose meaning is beyond doubt.
    let isStored: Bool

    func read(_ value: JSONValue) -> ConditionReading {
        guard let members = value.objectValue else { return .refused(reason: "must be an object") }
        guard let name = members["type"]?.stringValue else { return .refused(reason: "has no type") }
        guard let type = ConditionType(rawValue: name) else {
            return .refused(reason: "unknown type \(name.shownInReason)")
        }
        guard let value = members["value"] else { return .refused(reason: "\(name) has no value") }
        switch Self.readOperator(members["operator"]) {
        case .failure(let problem): return .refused(reason: "\(name) \(problem.reason)")
        case .success(let conditionOperator):
            let reading = read(type, conditionOperator, value, hours: members["hours"])
            if case .refused(let reason) = reading { return .refused(reason: "\(name) \(reason)") }
            return reading
        }
    }

    private struct Problem: Error {
        let reason: String
    }

    private static func readOperator(_ value: JSONValue?) -> Result<ConditionOperator?, Problem> {
        switch value {
        case nil, .null?: return .success(nil)
        case .string(let name)?:
            guard let known = ConditionOperator(rawValue: name) else {
                return .failure(Problem(reason: "has the unknown operator \(name.shownInReason)"))
            }
            return .success(known)
        default: return .failure(Problem(reason: "has an operator that is no text"))
        }
    }

    private func read(
        _ type: ConditionType, _ conditionOperator: ConditionOperator?, _ value: JSONValue, hours: JSONValue?
    ) -> ConditionReading {
        switch type.family {
        case .number, .average: number(type, conditionOperator, value, hours: hours)
        case .text: text(type, conditionOperator, value)
        case .flag: flag(type, conditionOperator, value)
        case .status: status(conditionOperator, value)
        case .tags: tags(conditionOperator, value)
        }
    }
}

// MARK: - Families

extension ConditionReader {
    private func number(
        _ type: ConditionType, _ conditionOperator: ConditionOperator?, _ value: JSONValue, hours: JSONValue?
    ) -> ConditionReading {
        guard let comparison = conditionOperator.flatMap(NumericComparison.init) else {
            return .refused(reason: "needs one of the operators gt, lt, gte, lte, eq")
        }
        guard let number = value.doubleValue, number.isFinite else {
            return .refused(reason: "needs a number as value")
        }
        guard type.family == .average else { return .usable(Condition(type: type, test: .number(comparison, number))) }
        guard let hours = window(hours) else {
            return .refused(reason: "needs hours above 0 and at most \(Int(Self.maximumHours))")
        }
        return .usable(Condition(type: type, test: .average(comparison, number, hours: hours)))
    }

    /// No hours means one hour.
    private func window(_ hours: JSONValue?) -> Double? {
        guard let hours, !(isStored && hours.isNull) else { return 1 }
        guard let number = hours.doubleValue, number > 0, number <= Self.maximumHours else { return nil }
        return number
    }

    private func text(
        _ type: ConditionType, _ conditionOperator: ConditionOperator?, _ value: JSONValue
    ) -> ConditionReading {
        guard let test = conditionOperator.flatMap(TextTest.init) else {
            return .refused(
                reason: "needs one of the operators contains, not_contains, equals, not_equals, starts_with, ends_with")
        }
        guard let text = value.stringValue, !text.isEmpty else {
            return .refused(reason: "needs a non-empty text as value")
        }
        return .usable(Condition(type: type, test: .text(test, TextPattern(text), shown: text)))
    }

    private func flag(
        _ type: ConditionType, _ conditionOperator: ConditionOperator?, _ value: JSONValue
    ) -> ConditionReading {
        switch conditionOperator {
        case .isTrue: return .usable(Condition(type: type, test: .flag(.equals(true))))
        case .isFalse: return .usable(Condition(type: type, test: .flag(.equals(false))))
        case nil: return .usable(Condition(type: type, test: .flag(.equals(Self.isOn(value)))))
        case let other?:
            guard let comparison = NumericComparison(other) else {
                return .refused(reason: "needs one of the operators is_true, is_false, gt, lt, gte, lte, eq")
            }
            guard let number = value.doubleValue, number.isFinite else {
                return .refused(reason: "needs a number as value for the operator \(other.rawValue)")
            }
            return .usable(Condition(type: type, test: .flag(.number(comparison, number))))
        }
    }

    /// The same reading as for flags in rows.
    private static func isOn(_ value: JSONValue) -> Bool {
        value == .bool(true) || value.doubleValue == 1 || value == .string("true")
    }

    private func status(_ conditionOperator: ConditionOperator?, _ value: JSONValue) -> ConditionReading {
        guard conditionOperator == nil || conditionOperator == .isAnyOf || conditionOperator == .isNoneOf else {
            return .refused(reason: "needs one of the operators is_any_of, is_none_of")
        }
        let list = isStored && value.stringValue?.isEmpty == false ? [value] : value.arrayValue
        guard let list else { return .refused(reason: "needs a list of states as value") }
        let names = list.compactMap(\.stringValue)
        let test = StatusTest(names: names, isListEmpty: list.isEmpty, isNegative: conditionOperator == .isNoneOf)
        return .usable(Condition(type: .status, test: .status(test, shown: names.joined(separator: ", "))))
    }

    private func tags(_ conditionOperator: ConditionOperator?, _ value: JSONValue) -> ConditionReading {
        guard let list = value.arrayValue else { return .refused(reason: "needs a list of tag ids as value") }
        guard let test = conditionOperator.flatMap(TagTest.init) else {
            // Stored by every frontend's half-finished edit; it never held for anything and never will.
            return .inert(
                Condition(type: .tags, test: .never),
                note: "TAGS needs one of the operators is_any_of, is_all_of, is_none_of, has_any, has_all, has_none, "
                    + "is_set, is_not_set")
        }
        return .usable(Condition(type: .tags, test: .tags(test, TagList(list))))
    }
}
