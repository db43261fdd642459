import DomainModel

extension Condition {
    /// What is compared, with the item's value, for people.
    func shown(for item: DownloadItem, in context: EvaluationContext) -> String {
        guard let type else { return "not understood" }
        switch test {
        case .number(let comparison, let value):
            let observed = NumericMeasure.measure(type, item, context)
            return "\(type.rawValue) \(Self.shown(observed, type)) \(comparison.symbol) \(Self.shown(value, type))"
        case .average(let comparison, let value, let hours):
            let observed = AverageSpeed.measure(type, hours: hours, item.key, context)
            return "\(type.rawValue) over \(Self.shown(hours)) h \(Self.shown(observed, type)) \(comparison.symbol) "
                + Self.shown(value, type)
        case .text(let test, _, let wanted): return Self.shown(type, test, wanted, item)
        case .flag(let test): return "\(type.rawValue) \(Self.flag(type, of: item)) \(Self.shown(test))"
        case .status(let test, let names):
            return "STATUS \(DerivedStatus.of(item).rawValue) is \(test.isNegative ? "none" : "any") of \(names)"
        case .tags(let test, let list): return Self.shown(test, list, context.tags[item.key] ?? [])
        case .never: return "\(type.rawValue) not understood"
        }
    }

    /// Links carry keys (an indexer's, a private tracker's): only names are shown.
    private static func shown(_ type: ConditionType, _ test: TextTest, _ wanted: String, _ item: DownloadItem) -> String
    {
        let verb = test.rawValue.split(separator: "_").joined(separator: " ")
        guard type == .name else {
            return "\(type.rawValue) \(text(type, of: item) == nil ? "unknown" : "(not shown)") \(verb) (not shown)"
        }
        return "NAME \(item.name?.shownInReason ?? "unknown") \(verb) \(wanted.shownInReason)"
    }

    private static func shown(_ test: FlagTest) -> String {
        switch test {
        case .equals(let wanted): "is \(wanted)"
        case .number(let comparison, let value): "as a number \(comparison.symbol) \(shown(value))"
        }
    }

    private static func shown(_ test: TagTest, _ list: TagList, _ tags: Set<Int64>) -> String {
        let observed = "TAGS [\(tags.sorted().map(String.init).joined(separator: ","))]"
        let named = "[\(list.ids.map(String.init).joined(separator: ","))]"
        switch test {
        case .any: return "\(observed) any of \(named)"
        case .all: return "\(observed) all of \(named)"
        case .none: return "\(observed) none of \(named)"
        case .isSet: return "\(observed) is set"
        case .isNotSet: return "\(observed) is not set"
        }
    }

    private static func shown(_ number: Double?, _ type: ConditionType) -> String {
        guard let number else { return "unknown" }
        return type.unit.isEmpty ? shown(number) : "\(shown(number)) \(type.unit)"
    }

    /// At most three decimals, as few as needed.
    private static func shown(_ number: Double) -> String {
        let rounded = (number * 1_000).rounded() / 1_000
        return Int64(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}

extension ConditionType {
    /// The unit of the condition's value; empty for counts and ratios.
    fileprivate var unit: String {
        switch self {
        case .progress: "%"
        case .downloadSpeed, .uploadSpeed, .averageDownloadSpeed, .averageUploadSpeed: "MiB/s"
        case .eta, .lastDownloadActivity, .lastUploadActivity, .downloadStalledTime, .uploadStalledTime: "min"
        case .totalUploaded, .fileSize: "GiB"
        case .totalDownloaded: "MiB"
        case .age, .seedingTime, .expiresAt: "h"
        default: ""
        }
    }
}
