import DomainModel

/// One condition of a stock rule on its way to meaning the same here.
struct StockCondition {
    private(set) var members: [String: JSONValue]
    private(set) var notes: [StockRuleVerdict.Note] = []

    private let name: String
    private let origin: StockRuleOrigin
    private let isFlat: Bool
    private let isOlder: Bool

    init(
        _ members: [String: JSONValue], _ name: String, origin: StockRuleOrigin, isFlat: Bool, isOlder: Bool
    ) {
        self.members = members
        self.name = name
        self.origin = origin
        self.isFlat = isFlat
        self.isOlder = isOlder
    }

    /// Types that the first version did not have.
    private static let laterTypes: Set<ConditionType> = [.tracker, .originalURL, .isAirlocked, .tags]

    private mutating func note(_ kind: StockRuleVerdict.Kind, _ text: String) {
        notes.append(.init(kind: kind, text: text))
    }

    private var operatorText: String? {
        members["operator"].flatMap { $0.isNull ? nil : $0.stringValue ?? $0.compactText }
    }

    private var value: JSONValue { members["value"] ?? .null }

    mutating func adapt() {
        guard let type = ConditionType(rawValue: name), origin != .january || !Self.laterTypes.contains(type) else {
            return note(.notUnderstood, "is not known")
        }
        switch type.family {
        case .number: number(type)
        case .average:
            number(type)
            window()
        case .text: text()
        case .flag: flag()
        case .status: status()
        case .tags: tags()
        }
        verify()
    }

    /// Nothing may slip through: what the engine would not understand here, and might have held there, is a loss.
    private mutating func verify() {
        guard case .refused(let reason) = ConditionReader(isStored: true).read(.object(members)) else { return }
        guard !notes.contains(where: { $0.kind.isLoss || $0.kind == .neverHolds }) else { return }
        note(.notUnderstood, reason)
    }
}

// MARK: - Numbers

extension StockCondition {
    private mutating func number(_ type: ConditionType) {
        guard let comparison = operatorText.flatMap(NumericComparison.init(rawValue:)) else {
            return note(.neverHolds, "has no operator for numbers: it held for nothing there and does so here")
        }
        guard readNumber(comparison), let number = value.doubleValue else {
            return note(.neverHolds, "compares with no number: it held for nothing there and does so here")
        }
        switch type {
        case .progress: progress(number)
        case .totalUploaded, .fileSize: unit(number)
        case .downloadStalledTime, .uploadStalledTime:
            if origin == .january {
                note(
                    .stallState,
                    "now counts only while the download is \(type == .downloadStalledTime ? "stalled" : "seeding")")
            }
        default: break
        }
    }

    /// Stock turned texts and flags into numbers for all comparisons but `eq`, which never held for them.
    private mutating func readNumber(_ comparison: NumericComparison) -> Bool {
        if value.doubleValue != nil { return true }
        guard comparison != .eq, !value.isNull, let number = JavaScriptNumber.coerced(value), number.isFinite else {
            return false
        }
        let read = Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
        note(.numberRead, "compares with \(value.compactText), read as \(read.compactText)")
        members["value"] = read
        return true
    }

    /// Stock held TorBox's 0...1 against a number that its page called percent.
    private mutating func progress(_ number: Double) {
        if number <= 0 { return }
        if number <= 1 {
            let percent = number * 100
            members["value"] = Int64(exactly: percent).map(JSONValue.integer) ?? .number(percent)
            note(
                .progressConverted,
                "\(JSONValue.number(number).compactText) was a share of 1 and is \(value.compactText) percent here")
        } else {
            let always = operatorText == "lt" || operatorText == "lte"
            note(
                .progressScale,
                "\(operatorText ?? "") \(JSONValue.number(number).compactText): there it \(always ? "held for every download, finished ones too" : "never held"), "
                    + "because progress went from 0 to 1; here it is percent. Switch the rule on if percent is what you mean"
            )
        }
    }

    /// January counted in MiB, later versions in GiB without converting what was stored.
    private mutating func unit(_ number: Double) {
        // Nothing is nothing in any unit.
        if number <= 0 { return }
        let shown = JSONValue.number(number).compactText
        switch (origin, isFlat) {
        case (.january, true):
            let converted = number / 1_024
            members["value"] = Int64(exactly: converted).map(JSONValue.integer) ?? .number(converted)
            note(.unitConverted, "\(shown) MiB is \(value.compactText) GiB here")
        case (.newest, false):
            if isOlder {
                note(
                    .unitDoubt,
                    "\(shown) is GiB, as it was lately; the rule is from January, when it was MiB: see whether that is meant"
                )
            }
        default:
            note(
                .unitUnknown,
                "\(shown) may be MiB (as in January) or GiB (as later): see that the number is right in GiB, then switch the rule on"
            )
        }
    }

    private mutating func window() {
        guard let hours = members["hours"], !hours.isNull else { return }
        guard let number = JavaScriptNumber.coerced(hours), number >= 0, number <= ConditionReader.maximumHours else {
            return note(.notUnderstood, "has a window of \(hours.compactText) hours; it may be 168 at most")
        }
        if number == 0 {
            members["hours"] = .integer(1)
            note(.numberRead, "has a window of 0 hours, which meant 1")
        } else if hours.doubleValue == nil {
            members["hours"] = Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
            note(.numberRead, "has a window of \(hours.compactText), read as a number")
        }
        if number > 24 {
            note(.averageWindow, "looks back \(JSONValue.number(number).compactText) hours, which was 24 at most there")
        }
    }
}

// MARK: - Texts, flags, states, tags

extension StockCondition {
    private mutating func text() {
        switch value {
        case .string(""), .null:
            return note(.neverHolds, "looks for an empty text: it held for nothing there and does so here")
        case .string: break
        default: return note(.notUnderstood, "looks for \(value.compactText), which is no text: the rule never ran")
        }
        guard let name = operatorText else {
            members["operator"] = .string(ConditionOperator.contains.rawValue)
            return note(.operatorFilled, "has no operator, which meant contains")
        }
        let known = ConditionOperator(rawValue: name).flatMap(TextTest.init) != nil
        guard known, origin != .january || name == ConditionOperator.contains.rawValue else {
            return note(
                .operatorGuessed,
                "\(name.shownInReason) was taken for contains: choose an operator, then switch the rule on")
        }
    }

    private mutating func flag() {
        guard let name = operatorText else { return }
        guard let known = ConditionOperator(rawValue: name) else {
            return note(
                .neverHolds, "has the operator \(name.shownInReason): it held for nothing there and does so here")
        }
        switch known {
        case .isTrue, .isFalse:
            if origin == .january { note(.operatorGuessed, "\(name) was not known: it held for nothing") }
        default:
            guard let comparison = NumericComparison(known), readNumber(comparison) else {
                return note(.neverHolds, "\(name) \(value.compactText) held for nothing there and does so here")
            }
        }
    }

    private mutating func status() {
        let hasList = value.arrayValue != nil || value.stringValue?.isEmpty == false
        guard hasList else { return note(.neverHolds, "names no states: it held for nothing there and does so here") }
        guard let name = operatorText else { return }
        let isKnown = [.isAnyOf, .isNoneOf].contains(ConditionOperator(rawValue: name))
        let wasGuessed = !isKnown || (origin == .january && name != ConditionOperator.isAnyOf.rawValue)
        if wasGuessed {
            note(
                .operatorGuessed,
                "\(name.shownInReason) was taken for is_any_of: choose an operator, then switch the rule on")
        }
    }

    private mutating func tags() {
        switch ConditionReader(isStored: true).read(.object(members)) {
        case .inert, .refused:
            note(.neverHolds, "names no tags or has no operator: it held for nothing there and does so here")
        case .usable: break
        }
    }
}
