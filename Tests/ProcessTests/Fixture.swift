import DomainModel
import Foundation
import ServiceHarness
import TorBoxSimulator

/// A running service with a simulated TorBox of its own. Ends with ``stop()``, or with the test.
final class Fixture: Sendable {
    let simulator: TorBoxSimulator
    let directory: TemporaryDirectory
    let service: ServiceProcess
    let rest: RESTClient

    private init(
        simulator: TorBoxSimulator, directory: TemporaryDirectory, service: ServiceProcess, rest: RESTClient
    ) {
        self.simulator = simulator
        self.directory = directory
        self.service = service
        self.rest = rest
    }

    /// Starts everything and returns when the service says that it is ready.
    static func start(
        workers: Int = 2, environment: [String: String] = [:], simulator configuration: SimulatorConfiguration? = nil
    ) async throws -> Fixture {
        let simulator = try await TorBoxSimulator.start(
            configuration ?? SimulatorConfiguration(callLogLimit: 1_000_000))
        let directory = try TemporaryDirectory()
        let service = try ServiceProcess(
            binaries: Binaries.directory,
            environment: settings(directory, simulator, workers).merging(environment) { _, new in new })
        do {
            let rest = RESTClient(baseURL: try await service.baseURL())
            return Fixture(simulator: simulator, directory: directory, service: service, rest: rest)
        } catch {
            service.killAll()
            await simulator.stop()
            throw error
        }
    }

    deinit { service.killAll() }

    static func settings(
        _ directory: TemporaryDirectory, _ simulator: TorBoxSimulator?, _ workers: Int
    ) -> [String: String] {
        var settings = [
            "DATA_DIR": directory.path, "WORKERS": String(workers), "START_SPREAD_MS": "0",
            "USER_RATE_LIMIT_MAX": "1000000", "IP_RATE_LIMIT_MAX": "1000000",
        ]
        if let simulator { settings["TORBOX_API_BASE"] = simulator.baseURL }
        return settings
    }

    /// Asks the service to stop, and says what it leaves behind.
    func stop() async throws -> (exitCode: Int32, leftovers: [String]) {
        let code = try await service.stop()
        await simulator.stop()
        return (code, Leftovers.problems(in: directory.path))
    }

    /// Adds an account with these rows at TorBox and registers it over REST; the number of its key is its name.
    @discardableResult
    func addUser(_ number: Int, rows: [SimulatedItem] = []) async throws -> String {
        let key = Self.key(number)
        simulator.addAccount(key)
        for row in rows { simulator.add(row, to: key) }
        let answer = try await rest.register(key)
        guard answer.status == 200 else { throw Unexpected(answer) }
        return key
    }

    static func key(_ number: Int) -> String { "process-test-key-\(String(number + 100_000_000))" }

    /// Saves rules and returns their ids.
    @discardableResult
    func saveRules(_ rules: [String], key: String) async throws -> [Int64] {
        let answer = try await rest.saveRules(rules, key: key)
        guard answer.status == 200 else { throw Unexpected(answer) }
        return (answer.json["rules"]?.arrayValue ?? []).compactMap { $0["id"]?.integerValue }
    }

    /// The control calls that TorBox received for a key, as path and body.
    func controlCalls(key: String? = nil) -> [CallRecord] {
        let control: Set<SimulatorEndpoint> = [.torrentControl, .usenetControl, .webDownloadControl, .queueControl]
        return simulator.calls(account: key).filter { $0.endpoint.map(control.contains) ?? false }
    }

    struct Unexpected: Error, CustomStringConvertible {
        var description: String
        init(_ answer: RESTClient.Answer) { description = "\(answer.status) \(answer.body)" }
    }
}

/// Rules with only what matters visible.
enum RuleText {
    static func rule(
        _ name: String, action: String, conditions: String, asset: String = "torrent", id: Int64? = nil,
        enabled: Bool = true
    ) -> String {
        """
        {\(id.map { "\"id\":\($0)," } ?? "")"name":"\(name)","enabled":\(enabled),"assetTypes":["\(asset)"],\
        "trigger":{"type":"interval","value":30},"logicOperator":"and",\
        "groups":[{"logicOperator":"and","conditions":[\(conditions)]}],"action":{"type":"\(action)"}}
        """
    }

    static func name(contains text: String) -> String {
        #"{"type":"NAME","operator":"contains","value":"\#(text)"}"#
    }

    static func ratio(above value: Double) -> String { #"{"type":"RATIO","operator":"gt","value":\#(value)}"# }

    static let never = #"{"type":"NAME","operator":"equals","value":"no such name"}"#
}
