import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import TorBoxSimulator

/// Compares what TorBox received and what the service now says with what was allowed and acknowledged.
struct ChaosChecker {
    let simulator: TorBoxSimulator
    let users: [ChaosUser]
    let growth: ChaosGrowth
    /// Names of all rows by account and id, as they were at the start. Evolving accounts are not in it.
    let names: [String: String]
    let tally: ChaosTally

    private static let control: Set<SimulatorEndpoint> = [
        .torrentControl, .usenetControl, .webDownloadControl, .queueControl,
    ]

    // MARK: Calls

    /// Calls that nothing asked for, and calls that were repeated after they had taken effect.
    func callProblems() -> [String] {
        let calls = simulator.calls().filter { $0.endpoint.map(Self.control.contains) ?? false }
        let byAccount = Dictionary(uniqueKeysWithValues: users.map { ($0.account, $0.record) })
        for call in calls { tally.count("actions", call.appliedEffect ? "applied" : "without effect") }
        let wrong = calls.compactMap { call in
            problem(call, byAccount[call.account ?? ""]).map { "\($0): \(call.line)" }
        }
        return wrong + repeated(calls) + simulator.calls().compactMap(\.violation).map { "forbidden call: \($0)" }
    }

    private func problem(_ call: CallRecord, _ record: ChaosRecord?) -> String? {
        // A control call says which row and what in its body.
        guard let account = call.account, let record,
            let body = try? JSONDecoder().decode(JSONValue.self, from: Data(call.body.utf8)),
            let id = body["torrent_id"]?.integerValue, let operation = body["operation"]?.stringValue
        else { return "call without account, row or operation" }
        guard let name = names["\(account) \(id)"] else { return "no enabled rule fits this row" }
        tally.count("actions", "verified")
        switch (name.prefix { $0 != "." }, operation) {
        case ("doomed", "delete"): return nil
        case ("rising", "delete"):
            guard let time = growth.time(account: account, id: Int(id)) else { return "its ratio was never above 2" }
            return call.realMilliseconds >= time ? nil : "deleted before its ratio was above 2"
        case ("toggled", "stop_seeding"):
            return record.mayBeOn(at: call.realMilliseconds) ? nil : "stopped while its rule was off"
        default: return "\(operation) of \(name) was never asked for"
        }
    }

    private func repeated(_ calls: [CallRecord]) -> [String] {
        let delayed: Set<String> = ["effectDelayed", "effectDropped"]
        return Dictionary(grouping: calls) { "\($0.account ?? "?") \($0.path) \($0.body)" }.compactMap { _, records in
            tally.count("actions", "repeated", by: records.count - 1)
            let settled = records.dropLast().first { $0.appliedEffect && delayed.isDisjoint(with: $0.faults) }
            guard settled != nil else { return nil }
            return "repeated after it took effect: " + records.map(\.line).joined(separator: " | ")
        }
    }

    /// Rows that no rule may touch and that are gone.
    func lostRows() -> [String] {
        users.flatMap { user -> [String] in
            let mine = names.filter { $0.key.hasPrefix(user.account + " ") }
            let protected = mine.filter { $0.value.hasPrefix("kept") || $0.value.hasPrefix("shielded") }
            let present = Set(simulator.items(.torrent, of: user.key).map { "\(user.account) \($0.id)" })
            tally.count("verified", "protected rows", by: protected.count)
            return protected.filter { !present.contains($0.key) }.map { "lost row \($0.value) of \(user.key)" }
        }
    }

    // MARK: Acknowledged writes

    func writeProblems() async -> [String] {
        var problems: [String] = []
        for user in users { problems += await writeProblems(of: user) }
        return problems
    }

    private func writeProblems(of user: ChaosUser) async -> [String] {
        let record = user.record
        guard let rules = await user.send(.GET, "/api/automation/rules"), rules.status == 200,
            let tags = await user.send(.GET, "/api/tags"), tags.status == 200,
            let mappings = await user.send(.GET, "/api/downloads/tags"), mappings.status == 200,
            let archived = await user.send(.GET, "/api/archived-downloads?limit=1000"), archived.status == 200
        else { return ["\(user.key) cannot be read"] }
        var problems: [String] = []
        let shown = Self.shownRules(rules.json)
        if let shown,
            !record.acceptable.contains(where: {
                $0.version == shown.version && (shown.isToggleOn ?? $0.isToggleOn) == $0.isToggleOn
            })
        {
            problems.append("rules of \(user.key): shown \(shown), acknowledged \(record.acceptable)")
        } else if shown == nil, record.acknowledged != nil {
            problems.append("rules of \(user.key) are lost: \(rules.body)")
        }
        let tagNames = Set(tags.json["tags"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? [])
        problems += Set(record.tags.keys).subtracting(tagNames).map { "\($0) of \(user.key) is lost" }
        problems += record.mappings.filter { mapping in
            let list = mappings.json["mappings"]?[String(mapping.download)]?.arrayValue ?? []
            return !list.contains { $0["id"]?.integerValue == mapping.tag }
        }.map { "\($0) of \(user.key) is lost" }
        let rows = Set(archived.json["data"]?.arrayValue?.compactMap { $0["torrent_id"]?.stringValue } ?? [])
        problems += record.archived.subtracting(rows).map { "archived row \($0) of \(user.key) is lost" }
        tally.count("verified", "tags", by: record.tags.count)
        tally.count("verified", "tagged downloads", by: record.mappings.count)
        tally.count("verified", "archived rows", by: record.archived.count)
        tally.count("verified", "rule lists", by: 1)
        return problems
    }

    private static func shownRules(_ json: JSONValue) -> (version: Int, isToggleOn: Bool?)? {
        let rules = json["rules"]?.arrayValue ?? []
        let versions = rules.compactMap { $0["name"]?.stringValue }.filter { $0.hasPrefix("version ") }
        guard versions.count == 1, let version = Int(versions[0].dropFirst("version ".count)) else { return nil }
        let toggle = rules.first { $0["name"]?.stringValue == "toggle" }
        return (version, toggle?["enabled"]?.boolValue)
    }
}
