import DomainModel
import ItemDecoding
import RuleEngine

/// A case of kind `rule`: a rule as posted, and the library that it is held against.
struct RuleCase {
    let posted: JSONValue
    let items: [DownloadItem]
    let context: EvaluationContext

    init(_ value: JSONValue) throws(MalformedCase) {
        guard let posted = value["rule"] else { throw MalformedCase(problem: "rule is missing") }
        guard let now = value["now"]?.integerValue else { throw MalformedCase(problem: "now is missing") }
        self.posted = posted
        items = try Self.items(value)
        let history = CaseHistory(value)
        context = EvaluationContext(
            now: Timestamp(milliseconds: now), telemetry: history.telemetry(of: items),
            samples: history.samples(of: items), tags: history.tags(of: items))
    }

    /// Validates, stores, reads back and evaluates, as a save and the poll after it would.
    func answer() -> [String: JSONValue] {
        switch RuleValidator.validate(posted) {
        case .failure(let rejection): return ["rejected": .string(rejection.reasons.joined(separator: "; "))]
        case .success(let draft):
            let stored = StoredRule(
                id: draft.id ?? RuleID(1), revision: 1, name: draft.name, isEnabled: draft.isEnabled,
                assetTypes: draft.assetTypesColumn, trigger: draft.trigger, conditions: draft.conditions,
                action: draft.action)
            let outcome = RuleEvaluator.evaluate(RuleProgram(stored), items: items, context: context)
            return [
                "selected": named(outcome.selected), "targets": named(outcome.targets),
                "unknown": named(outcome.unknown),
            ]
        }
    }

    private func named(_ indexes: [Int]) -> JSONValue {
        .array(indexes.map { .string("\(items[$0].key.asset.rawValue):\(items[$0].key.id)") })
    }

    /// Rows of the lists, then of the queues, per asset type. Cases name rows by type and number alone, so of two
    /// rows with one number the listed one stands, as in the backend that the cases were recorded with; polls
    /// tell them apart.
    private static func items(_ value: JSONValue) throws(MalformedCase) -> [DownloadItem] {
        var items: [DownloadItem] = []
        for asset in AssetType.allCases {
            var seen: Set<Int64> = []
            for (source, isQueued) in [("mylist", false), ("queued", true)] {
                for row in try rows(value[source], source, asset) {
                    guard let item = ItemDecoder.decodeRow(row, asset: asset, isQueued: isQueued),
                        seen.insert(item.key.id).inserted
                    else { continue }
                    items.append(item)
                }
            }
        }
        return items
    }

    private static func rows(
        _ lists: JSONValue?, _ source: String, _ asset: AssetType
    ) throws(MalformedCase) -> [JSONValue] {
        guard let lists, !lists.isNull else { return [] }
        guard lists.objectValue != nil else { throw MalformedCase(problem: "\(source) must be an object") }
        guard let rows = lists[asset.rawValue], !rows.isNull else { return [] }
        guard let rows = rows.arrayValue else {
            throw MalformedCase(problem: "\(source) \(asset.rawValue) must be a list")
        }
        return rows
    }
}
