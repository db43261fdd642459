import DomainModel
import Foundation
import Logging
import NIOCore
import Registry
import ServiceSupport
import TorBoxClient
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// A whole worker with real files and a simulated TorBox, whose wall clock stands still and whose polls are made by hand.
struct WorkerBench: Sendable {
    let parts: WorkerParts
    let simulator: TorBoxSimulator
    let now: ManualNow
    let folder: String
    /// The user that ``run(_:)`` registers.
    let user: UserID

    static let key = "bench-key-0001"

    /// Runs `body` with a worker that serves all slots and one registered user, and takes everything down afterwards.
    ///
    /// - Parameters:
    ///   - settings: variables of the worker besides those that every bench needs.
    ///   - limits: how many calls the simulator takes.
    static func run(
        _ settings: [String: String] = [:], limits: RateLimits = .off, _ body: (WorkerBench) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let start = Int(noon.milliseconds / 1_000)
            let simulator = try await TorBoxSimulator.start(
                SimulatorConfiguration(clock: SimulatedClock(start: start, speed: 0), rateLimits: limits))
            do {
                let bench = try await open(folder, simulator, settings)
                do {
                    simulator.addAccount(key)
                    _ = await bench.ask(Operation.registerKey, as: bench.user, credential: key)
                    try await body(bench)
                } catch {
                    try await bench.parts.close()
                    throw error
                }
                try await bench.parts.close()
            } catch {
                await simulator.stop()
                throw error
            }
            await simulator.stop()
        }
    }

    private static func open(
        _ folder: String, _ simulator: TorBoxSimulator, _ settings: [String: String]
    ) async throws -> WorkerBench {
        let (logger, now) = (silentLogger(), ManualNow())
        let variables = [
            "DATA_DIR": folder, "ENCRYPTION_KEY": String(repeating: "9f", count: 32), "WORKERS": "1",
            "TORBOX_API_BASE": simulator.baseURL,
        ]
        let configuration = try WorkerConfiguration(.variables(variables.merging(settings) { _, new in new }))
        // Not DataDirectory.prepare, which derives the key once more.
        let registry = try await DataDirectory.registry(configuration, logger)
        try await registry.migrate(now: now.value)
        try await registry.close()
        let client = TorBoxClient(
            configuration: clientConfiguration(simulator.baseURL),
            time: TimeSource(clock: ContinuousClock()) { now.value }, logger: logger)
        let parts = try await WorkerParts.open(configuration, logger, now: { now.value }, client: client)
        try parts.ownership.acquire(Slot.all)
        guard let user = RegistrationHandlers.userID(of: APIKey(key)) else { throw NoAnswer() }
        return WorkerBench(parts: parts, simulator: simulator, now: now, folder: folder, user: user)
    }

    private static func clientConfiguration(_ base: String) -> TorBoxClientConfiguration {
        var client = TorBoxClientConfiguration(baseURL: base, version: "test")
        client.retry = RetryPolicy(maximumRetries: 0)
        client.pace = RatePace(requestsPerMinute: 1_000_000, burst: 1_000)
        // Long enough for a busy machine: only calls that hang on purpose wait for them.
        client.snapshotBudget = .seconds(8)
        client.callBudget = .seconds(8)
        client.fetchTimeout = .seconds(2)
        client.actionTimeout = .seconds(2)
        client.createTimeout = .seconds(2)
        client.outage.failuresToPause = 1_000
        return client
    }

    private static func silentLogger() -> Logger {
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        return logger
    }

    // MARK: Time and polls

    func advance(_ seconds: Int64) {
        now.advance(seconds: seconds)
        simulator.clock.advance(seconds: Int(seconds))
    }

    @discardableResult
    func poll() async -> PollPipeline.Result { await parts.poller.pipeline.poll(user) }

    /// Another user.
    func register(_ key: String) async throws -> UserID {
        guard let user = RegistrationHandlers.userID(of: APIKey(key)) else { throw NoAnswer() }
        simulator.addAccount(key)
        guard await ask(Operation.registerKey, as: user, credential: key).status == 200 else { throw NoAnswer() }
        return user
    }

    // MARK: Requests

    struct Answer: Sendable {
        var status: Int
        var json: JSONValue
        var retryAfter: Int?

        subscript(name: String) -> JSONValue? { json[name] }
    }

    struct NoAnswer: Error {}

    func ask(
        _ operation: String, as user: UserID? = nil, _ parameters: [String: String] = [:], credential: String? = nil,
        json: String = ""
    ) async -> Answer {
        await ask(
            Request(
                operation: operation, user: user ?? self.user, timeout: .seconds(10), parameters: parameters,
                credential: credential.map { APIKey($0) }), json: json)
    }

    func ask(_ request: Request, json: String = "") async -> Answer {
        var request = request
        request.body = ByteBuffer(string: json)
        let response = await parts.router.answer(request)
        guard case .bytes(let body) = response.body else { return Answer(status: response.status, json: .null) }
        let value = try? JSONDecoder().decode(JSONValue.self, from: Data(body.readableBytesView))  // Null says enough.
        return Answer(status: response.status, json: value ?? .null, retryAfter: response.retryAfterSeconds)
    }

    /// Posts one rule for everything whose name has `target` in it, and returns its id.
    @discardableResult
    func postRule(
        action: String, id: Int64? = nil, assets: String = #"["torrent"]"#,
        conditions: String = #"{"type":"NAME","operator":"contains","value":"target"}"#, isEnabled: Bool = true,
        as user: UserID? = nil
    ) async throws -> Int64 {
        let answer = await ask(
            Operation.replaceRules, as: user,
            json: """
                {"rules":[{\(id.map { "\"id\":\($0)," } ?? "")"name":"r","enabled":\(isEnabled),"assetTypes":\(assets),
                "trigger":{"type":"interval","value":30},"logicOperator":"and","action":\(action),
                "groups":[{"logicOperator":"and","conditions":[\(conditions)]}]}]}
                """)
        guard answer.status == 200, let id = answer["rules"]?.arrayValue?.first?["id"]?.integerValue else {
            throw NoAnswer()
        }
        return id
    }

    /// Makes a tag of the user's and returns its id.
    func makeTag(_ name: String) async throws -> Int64 {
        let answer = await ask(Operation.createTag, json: "{\"name\":\"\(name)\"}")
        guard let id = answer["tag"]?["id"]?.integerValue else { throw NoAnswer() }
        return id
    }

    /// Registers another user and returns the id.
    func addUser(_ key: String) async throws -> UserID {
        simulator.addAccount(key)
        guard let user = RegistrationHandlers.userID(of: APIKey(key)),
            await ask(Operation.registerKey, as: user, credential: key).status == 200
        else { throw NoAnswer() }
        return user
    }

    // MARK: What came of it

    /// The user's parked batches as the REST contract shows them.
    func parked() async -> [JSONValue] { await ask(Operation.listParked)["parked"]?.arrayValue ?? [] }

    func rule(_ id: Int64) async throws -> RuleRow? {
        try await parts.users.read(user) { try RuleRepository.get($0, RuleID(id)) }
    }

    /// The rule's journal, oldest first.
    func actions(_ rule: Int64) async throws -> [ActionRow] {
        try await parts.users.read(user) { try ActionRepository.newest($0, of: RuleID(rule)).reversed() }
    }

    func states(_ rule: Int64) async throws -> [ActionState] { try await actions(rule).map(\.state) }

    /// The rule's log as the REST contract shows it, newest first, with items.
    func log(_ rule: Int64) async -> [JSONValue] {
        await ask(Operation.listRuleLogs, ["id": "\(rule)", "items": "true"])["logs"]?.arrayValue ?? []
    }

    func tracked() async throws -> [ItemKey: TrackedItem] {
        try await parts.users.read(user) { try SnapshotRepository.loadAll($0) }
    }

    func archived() async throws -> [ArchivedRow] {
        try await parts.users.read(user) { try ArchiveRepository.page($0, page: 1, limit: 100).rows }
    }

    /// Calls that change something, oldest first.
    var changes: [CallRecord] {
        simulator.calls().filter { $0.endpoint.map(SimulatorEndpoint.changes.contains) ?? false }
    }
}
