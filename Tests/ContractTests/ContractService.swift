import DomainModel
import Foundation
import ServiceHarness
import TorBoxSimulator

/// The real service with a simulated TorBox and one registered user.
final class ContractService: Sendable {
    static let key = "contract-test-key-000001"
    static let strangersKey = "contract-test-key-999999"

    let rest: RESTClient
    let simulator: TorBoxSimulator
    private let directory: TemporaryDirectory
    private let service: ServiceProcess

    struct NotStarted: Error, CustomStringConvertible { var description: String }

    private init(
        rest: RESTClient, simulator: TorBoxSimulator, directory: TemporaryDirectory, service: ServiceProcess
    ) {
        self.rest = rest
        self.simulator = simulator
        self.directory = directory
        self.service = service
    }

    /// Asks the service to stop, and says with which code it did.
    func stop() async throws -> Int32 { try await service.stop() }

    /// Runs `body` with the service and ends it whatever happens.
    static func run(
        library: [SimulatedItem] = [], settings: [String: String] = [:],
        _ body: (ContractService) async throws -> Void
    ) async throws {
        let simulator = try await TorBoxSimulator.start()
        let directory = try TemporaryDirectory()
        var environment = [
            "DATA_DIR": directory.path, "WORKERS": "2", "START_SPREAD_MS": "0",
            "TORBOX_API_BASE": simulator.baseURL, "USER_RATE_LIMIT_MAX": "1000000",
        ]
        environment.merge(settings) { _, new in new }
        let service = try ServiceProcess(binaries: Binaries.directory, environment: environment)
        do {
            let rest = RESTClient(baseURL: try await service.baseURL())
            let running = ContractService(rest: rest, simulator: simulator, directory: directory, service: service)
            simulator.addAccount(key)
            for row in library { simulator.add(row, to: key) }
            let answer = try await rest.register(key)
            guard answer.status == 200 else { throw NotStarted(description: answer.body) }
            try await body(running)
            if service.isRunning { _ = try await service.stop() }
        } catch {
            service.killAll()
            await simulator.stop()
            throw error
        }
        await simulator.stop()
    }
}
