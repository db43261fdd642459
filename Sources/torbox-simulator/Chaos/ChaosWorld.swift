import AsyncHTTPClient
import ChaosVerdict
import NIOCore
import TorBoxSimulator

/// All that takes part in a run: TorBox, the service, its users, and who keeps the books.
struct ChaosWorld: Sendable {
    let plan: ChaosPlan
    let simulator: TorBoxSimulator
    let witness = ChaosWitness()
    let disk: ChaosDisk
    let http: HTTPClient
    let service: ChaosService
    let users: [ChaosUser]
    let garden: ChaosGarden
    let disturbances = DisturbanceLog()
    let failures = FailureLog()
    let tally = ChaosTally()

    /// Every so many users have a library that evolves by itself.
    private static let evolvingEvery = 10

    init(_ plan: ChaosPlan) async throws {
        self.plan = plan
        var configuration = SimulatorConfiguration(callLogLimit: 10_000_000, seed: plan.seed)
        configuration.onAnswer = witness.read
        simulator = try await TorBoxSimulator.start(configuration)
        disk = try ChaosDisk()
        http = Self.httpClient()
        let environment = plan.environment(dataDirectory: disk.path, torBox: simulator.baseURL)
        service = ChaosService(
            binaries: plan.binaries, environment: environment, client: http, disturbances: disturbances, tally: tally)
        let client = ChaosClient(service: service, failures: failures, tally: tally)
        let keys = (0..<plan.users).map { "chaos-key-\(100_000_000 + $0)" }
        let evolving = Set(keys.enumerated().filter { $0.offset % Self.evolvingEvery == 0 }.map(\.element))
        for key in keys {
            let library: SimulatedLibrary = evolving.contains(key) ? .demo(DemoLibrary()) : .empty
            simulator.addAccount(key, AccountSettings(library: library))
        }
        let garden = ChaosGarden(simulator: simulator, keys: keys.filter { !evolving.contains($0) })
        self.garden = garden
        users = keys.map { key in
            let guarded = garden.rows(of: key).filter { $0.value == .guarded }.keys
            return ChaosUser(
                key: key, isEvolving: evolving.contains(key), guarded: Array(guarded), client: client)
        }
    }

    func shutDown() async throws {
        service.killAll()
        try await http.shutdown()
        await simulator.stop()
    }

    private static func httpClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(10)
        // A frozen process may hold a connection of everybody; nobody waits for another's.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1_024
        // A refused connection is an answer here: the service is down, and the client knows.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(configuration: configuration)
    }
}
