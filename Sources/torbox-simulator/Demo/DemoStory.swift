import DomainModel
import NIOHTTP1
import ServiceHarness
import Synchronization
import TorBoxSimulator

/// What happens in the demo, told as it happens and checked at the end against what TorBox received.
final class DemoStory: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private struct State {
        /// Rule ids by user, as the service gave them.
        var rules: [String: [(id: Int64, name: String)]] = [:]
        var events: [String: DemoEvent] = [:]
    }

    let rest: RESTClient
    private let simulator: TorBoxSimulator
    private let state = Mutex(State())

    init(rest: RESTClient, simulator: TorBoxSimulator) {
        self.rest = rest
        self.simulator = simulator
    }

    // MARK: Telling

    /// Gives everybody a library, registers them, and posts their rules.
    func begin() async throws {
        for user in DemoUser.all {
            simulator.addAccount(user.key, AccountSettings(library: .demo(DemoLibrary())))
            try check(try await rest.register(user.key, name: user.name), "registering \(user.name)")
            let tag = try check(
                try await rest.send(.POST, "/api/tags", key: user.key, json: #"{"name":"music"}"#), "creating a tag")
            let tagID = tag["tag"]?["id"]?.integerValue ?? 0
            let saved = try check(
                try await rest.saveRules(user.rules.map { $0.json(tag: tagID) }, key: user.key), "saving rules")
            let rules = (saved["rules"]?.arrayValue ?? []).compactMap { rule -> (id: Int64, name: String)? in
                guard let id = rule["id"]?.integerValue, let name = rule["name"]?.stringValue else { return nil }
                return (id, name)
            }
            state.withLock { $0.rules[user.name] = rules }
            print(
                "\(user.name) registers and posts the rules: " + rules.map { "\"\($0.name)\"" }.joined(separator: ", "))
        }
        print("")
    }

    /// Prints what the execution logs say that they did not say before.
    func tellNews() async throws {
        for user in DemoUser.all {
            for rule in state.withLock({ $0.rules[user.name] ?? [] }) {
                let logs = try check(try await rest.logs(rule: rule.id, key: user.key), "reading a log")
                let items = (logs["logs"]?.arrayValue ?? []).reversed().flatMap { $0["items"]?.arrayValue ?? [] }
                for event in items.compactMap({ DemoEvent(user: user.name, rule: rule.name, $0) }) { tell(event) }
            }
        }
    }

    private func tell(_ event: DemoEvent) {
        let isNew = state.withLock { $0.events.updateValue(event, forKey: event.identity) == nil }
        if isNew { print(event.sentence) }
    }

    // MARK: Checking

    /// What is wrong with what was seen; empty when all is well.
    func problems(expecting actions: Set<String>) async throws -> [String] {
        let done = state.withLock(\.events).values.filter(\.isDone)
        let missing = actions.subtracting(done.map(\.action)).sorted()
        return missing.map { "no \($0) was carried out" } + repeatedCalls + violations
    }

    var summary: String {
        let events = state.withLock(\.events).values
        let counts = Dictionary(grouping: events.filter(\.isDone), by: \.action).mapValues(\.count)
        let actions = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return "TorBox received \(simulator.calls().count) calls. Done: \(actions)."
    }

    /// Control calls that had an effect and reached TorBox more than once.
    private var repeatedCalls: [String] {
        let control: Set<SimulatorEndpoint> = [
            .torrentControl, .usenetControl, .webDownloadControl, .queueControl,
        ]
        let calls = simulator.calls().filter { $0.endpoint.map(control.contains) ?? false }
        return Dictionary(grouping: calls) { "\($0.account ?? "?") \($0.path) \($0.body)" }
            .filter { $0.value.count > 1 }.map { "\($0.value.count) times: \($0.key)" }.sorted()
    }

    private var violations: [String] { simulator.calls().compactMap(\.violation).map { "forbidden call: \($0)" } }

    @discardableResult
    private func check(_ answer: RESTClient.Answer, _ what: String) throws -> JSONValue {
        guard answer.status == 200 else { throw Failure(description: "\(what): \(answer.status) \(answer.body)") }
        return answer.json
    }
}
