import DomainModel
import NIOHTTP1
import ServiceHarness
import Synchronization
import TorBoxSimulator

/// One user's requests, one after the other, and the record of what was acknowledged.
final class ChaosUser: Sendable {
    let key: String
    private let isEvolving: Bool
    private let service: ChaosService
    private let tally: ChaosTally
    private let state: Mutex<ChaosRecord>

    init(key: String, isEvolving: Bool, service: ChaosService, tally: ChaosTally) {
        self.key = key
        self.isEvolving = isEvolving
        self.service = service
        self.tally = tally
        state = Mutex(ChaosRecord())
    }

    var account: String { AccountIdentity(key: key).shortID }
    var record: ChaosRecord { state.withLock { $0 } }

    /// A busy machine may miss a deadline.
    private static let attempts = 5

    /// Registers and saves the first rules.
    func begin() async -> Bool {
        for _ in 0..<Self.attempts {
            let answer = await send(.POST, "/api/backend/api-key/ensure-db", "{}")
            if answer?.status == 200, await saveRules() { return true }
        }
        return false
    }

    /// Sends requests of all sorts until `end`.
    func run(until end: ContinuousClock.Instant, random: ChaosRandom) async throws {
        var random = random
        while ContinuousClock.now < end {
            switch Int.random(in: 0..<12, using: &random) {
            case 0: _ = await send(.POST, "/api/backend/api-key/ensure-db", "{}")
            case 1, 2: _ = await saveRules()
            case 3, 4: await toggle()
            case 5: _ = await send(.GET, "/api/automation/rules")
            case 6: _ = await send(.GET, "/api/archived-downloads")
            case 7, 8: await createTag()
            case 9: await tagDownload(Int64.random(in: 1...50, using: &random))
            default: await archive()
            }
            try await Task.sleep(for: random.milliseconds(500...6_000))
        }
    }

    // MARK: Writes

    private func saveRules() async -> Bool {
        let (write, ids) = state.withLock { record in
            record.lastVersion += 1
            let isOn = record.isToggleOn
            return (record.begin(.init(version: record.lastVersion, isToggleOn: isOn)), record.ruleIDs)
        }
        let rules = ChaosLibrary.rules(
            version: write.value.version, isToggleOn: write.value.isToggleOn, ids: ids)
        // An evolving library has rules that fit nothing, or are off.
        let list = isEvolving ? Array(rules.dropFirst().filter { !$0.contains("toggled") }) : rules
        let answer = await send(.POST, "/api/automation/rules", "{\"rules\":[\(list.joined(separator: ","))]}")
        guard let answer, answer.status == 200 else { return false }
        let saved = answer.json["rules"]?.arrayValue ?? []
        state.withLock { record in
            for rule in saved {
                if let name = rule["name"]?.stringValue, let id = rule["id"]?.integerValue { record.ruleIDs[name] = id }
            }
            record.acknowledge(write)
        }
        return true
    }

    private func toggle() async {
        let drawn: (ChaosRecord.Write, Int64)? = state.withLock { record in
            guard !isEvolving, let id = record.ruleIDs["toggle"], let version = record.acknowledged?.value.version
            else {
                return nil
            }
            return (record.begin(.init(version: version, isToggleOn: !record.isToggleOn)), id)
        }
        guard let (write, id) = drawn else { return }
        let answer = await send(.PUT, "/api/automation/rules/\(id)", "{\"enabled\":\(write.value.isToggleOn)}")
        if answer?.status == 200 { state.withLock { $0.acknowledge(write) } }
    }

    private func createTag() async {
        let name = state.withLock { record in
            record.lastTag += 1
            return "tag \(record.lastTag)"
        }
        let answer = await send(.POST, "/api/tags", "{\"name\":\"\(name)\"}")
        guard let id = answer?.json["tag"]?["id"]?.integerValue, answer?.status == 200 else { return }
        state.withLock { $0.tags[name] = id }
    }

    private func tagDownload(_ download: Int64) async {
        guard let tag = record.tags.values.max() else { return }
        let answer = await send(.POST, "/api/downloads/tags", "{\"download_ids\":[\(download)],\"tag_ids\":[\(tag)]}")
        if answer?.status == 200 { state.withLock { _ = $0.mappings.insert(.init(download: download, tag: tag)) } }
    }

    private func archive() async {
        let number = state.withLock { record in
            record.lastArchived += 1
            return 900_000 + record.lastArchived
        }
        let answer = await send(
            .POST, "/api/archived-downloads", "{\"torrent_id\":\(number),\"hash\":\"\(number)\",\"name\":\"archived\"}")
        if answer?.status == 200 { state.withLock { _ = $0.archived.insert(String(number)) } }
    }

    /// Nil when there was no answer at all.
    func send(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async -> RESTClient.Answer? {
        do {
            let answer = try await service.rest.send(method, path, key: key, json: body, timeout: .seconds(15))
            tally.count("requests", answer.status == 200 ? "200" : "\(answer.status)")
            return answer
        } catch {
            tally.count("requests", "no answer")  // Killed in the middle, or nobody listens: that is the point here.
            return nil
        }
    }
}
