import ChaosVerdict
import DomainModel
import ServiceHarness
import Synchronization
import TorBoxSimulator

/// One user's requests, one after the other, and the record of what was acknowledged.
final class ChaosUser: Sendable {
    private struct State {
        var record = ClientRecord()
        var ruleIDs: [String: Int64] = [:]
        var lastVersion = 0
        var lastTag = 0
        var lastArchived = 0
    }

    let key: String
    private let isEvolving: Bool
    /// Ids of the rows that it protects before it has any rule.
    private let guarded: [Int]
    private let client: ChaosClient
    private let state = Mutex(State())

    init(key: String, isEvolving: Bool, guarded: [Int], client: ChaosClient) {
        self.key = key
        self.isEvolving = isEvolving
        self.guarded = guarded
        self.client = client
    }

    var account: String { AccountIdentity(key: key).shortID }
    var record: ClientRecord { state.withLock(\.record) }

    /// Registers, protects what is to be protected, and saves the first rules.
    func begin() async -> Bool {
        guard await register(), await protect() else { return false }
        return await saveRules()
    }

    /// Sends requests of all sorts until `end`.
    func run(until end: ContinuousClock.Instant, random: ChaosRandom) async throws {
        var random = random
        while ContinuousClock.now < end {
            switch Int.random(in: 0..<12, using: &random) {
            case 0: _ = await register()
            case 1, 2: _ = await saveRules()
            case 3, 4: await toggle()
            case 5: _ = await client.send(.read("/api/automation/rules"), key: key)
            case 6: _ = await client.send(.read("/api/archived-downloads"), key: key)
            case 7, 8: await createTag()
            case 9: await tagDownload(Int64.random(in: 1...50, using: &random))
            default: await archive()
            }
            try await Task.sleep(for: random.milliseconds(500...6_000))
        }
    }

    // MARK: Writes

    private func register() async -> Bool {
        await client.send(.post("/api/backend/api-key/ensure-db", "{}", isRepeatable: true), key: key) != nil
    }

    private func protect() async -> Bool {
        guard !guarded.isEmpty else { return true }
        let body = "{\"download_ids\":\(guarded),\"protected\":true}"
        guard await client.send(.put("/api/downloads/protect", body), key: key) != nil else { return false }
        state.withLock { $0.record.protected = Set(guarded.map(String.init)) }
        return true
    }

    private func saveRules() async -> Bool {
        let (value, write, ids) = state.withLock { state in
            state.lastVersion += 1
            let value = ClientRecord.Rules(version: state.lastVersion, isToggleOn: state.record.isToggleOn)
            return (value, state.record.begin(value, at: RealTime.milliseconds()), state.ruleIDs)
        }
        let rules =
            isEvolving
            ? ChaosLibrary.idleRules(version: value.version, ids: ids)
            : ChaosLibrary.rules(version: value.version, isToggleOn: value.isToggleOn, ids: ids)
        let answer = await send(
            .post("/api/automation/rules", "{\"rules\":[\(rules.joined(separator: ","))]}", isRepeatable: true),
            as: write)
        guard let answer else { return false }
        state.withLock { state in
            for rule in answer.json["rules"]?.arrayValue ?? [] {
                if let name = rule["name"]?.stringValue, let id = rule["id"]?.integerValue { state.ruleIDs[name] = id }
            }
        }
        return true
    }

    private func toggle() async {
        let drawn: (ClientRecord.Write, Int64)? = state.withLock { state in
            guard !isEvolving, let id = state.ruleIDs["toggle"] else { return nil }
            return (state.record.beginToggle(!state.record.isToggleOn, at: RealTime.milliseconds()), id)
        }
        guard let (write, id) = drawn else { return }
        let body = "{\"enabled\":\(write.isToggleOn)}"
        _ = await send(.put("/api/automation/rules/\(id)", body), as: write)
    }

    /// Sends a write of the rules and keeps the record of it.
    private func send(_ request: ChaosRequest, as write: ClientRecord.Write) async -> RESTClient.Answer? {
        let answer = await client.send(request, key: key) {
            state.withLock { $0.record.resend(write, at: RealTime.milliseconds()) }
        }
        if answer != nil { state.withLock { $0.record.acknowledge(write, at: RealTime.milliseconds()) } }
        return answer
    }

    private func createTag() async {
        let name = state.withLock { state in
            state.lastTag += 1
            return "tag \(state.lastTag)"
        }
        let answer = await client.send(
            .post("/api/tags", "{\"name\":\"\(name)\"}", isRepeatable: false), key: key)
        guard let id = answer?.json["tag"]?["id"]?.integerValue else { return }
        state.withLock { $0.record.tags[name] = id }
    }

    private func tagDownload(_ download: Int64) async {
        guard let tag = record.tags.values.max() else { return }
        let body = "{\"download_ids\":[\(download)],\"tag_ids\":[\(tag)]}"
        guard await client.send(.post("/api/downloads/tags", body, isRepeatable: true), key: key) != nil else {
            return
        }
        state.withLock { _ = $0.record.mappings.insert(.init(download: download, tag: tag)) }
    }

    private func archive() async {
        let number = state.withLock { state in
            state.lastArchived += 1
            return 900_000 + state.lastArchived
        }
        let body = "{\"torrent_id\":\(number),\"hash\":\"\(number)\",\"name\":\"archived\"}"
        let answer = await client.send(
            .post("/api/archived-downloads", body, isRepeatable: false), key: key)
        if answer != nil { state.withLock { _ = $0.record.archived.insert(String(number)) } }
    }

    // MARK: The end

    /// What the service shows now; nil when it cannot be read.
    func finalState() async -> FinalState? {
        guard let rules = await client.send(.read("/api/automation/rules"), key: key)?.json["rules"],
            let tags = await client.send(.read("/api/tags"), key: key)?.json["tags"],
            let mappings = await client.send(.read("/api/downloads/tags"), key: key)?.json["mappings"],
            let archived = await client.send(.read("/api/archived-downloads?limit=1000"), key: key)?.json["data"],
            let protected = await client.send(.read("/api/downloads/protect"), key: key)?.json["protected_ids"]
        else { return nil }
        var state = FinalState(
            rulesVersion: Self.version(of: rules),
            isToggleOn: rules.arrayValue?.first { $0["name"]?.stringValue == "toggle" }?["enabled"]?.boolValue)
        state.tags = Set(tags.arrayValue?.compactMap { $0["name"]?.stringValue } ?? [])
        state.archived = Set(archived.arrayValue?.compactMap { $0["torrent_id"]?.stringValue } ?? [])
        state.protected = Set(protected.arrayValue?.compactMap(\.stringValue) ?? [])
        for (download, list) in mappings.objectValue ?? [:] {
            guard let download = Int64(download) else { continue }
            let ids = list.arrayValue?.compactMap { $0["id"]?.integerValue } ?? []
            state.mappings.formUnion(ids.map { .init(download: download, tag: $0) })
        }
        return state
    }

    private static func version(of rules: JSONValue) -> Int? {
        let prefix = "version "
        let names = rules.arrayValue?.compactMap { $0["name"]?.stringValue }.filter { $0.hasPrefix(prefix) } ?? []
        return names.count == 1 ? Int(names[0].dropFirst(prefix.count)) : nil
    }
}
