import DomainModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import Sharding

@testable import GatewayCore

/// A gateway without a socket, over fake workers with one.
struct GatewayFixture: Sendable {
    static let key = "0123456789abcdef-KEY"
    static let user = CredentialFormat.owner(of: key)

    let directory: SocketDirectory
    let board: SlotMapBoard
    let workers: [FakeWorker]
    let client: WorkerClient
    let health: GatewayHealth
    let application: GatewayApplication

    /// The worker that owns ``user``.
    var owner: FakeWorker { workers[board.current?.owner(of: Self.user) ?? 0] }

    static func with(
        workers count: Int = 1, _ configuration: GatewayConfiguration = GatewayConfiguration(),
        patience: Duration = .seconds(5), starts: Bool = true, _ body: (GatewayFixture) async throws -> Void
    ) async throws {
        let directory = try SocketDirectory()
        let workers = (0..<count).map { FakeWorker(at: directory.socket(of: $0)) }
        if starts { for worker in workers { try await worker.start() } }
        let board = SlotMapBoard()
        board.post(SlotMap(workers: count))
        let client = WorkerClient(
            board: board, runtimeDirectory: directory.path, group: MultiThreadedEventLoopGroup.singleton,
            patience: patience)
        let health = GatewayHealth(workers: client)
        let fixture = GatewayFixture(
            directory: directory, board: board, workers: workers, client: client, health: health,
            application: try GatewayApplication(configuration: configuration, workers: client, health: health))
        do {
            try await body(fixture)
            await fixture.tearDown()
        } catch {
            await fixture.tearDown()
            throw error
        }
    }

    private func tearDown() async {
        await client.close()
        for worker in workers { await worker.stop() }
        directory.remove()
    }

    /// Asks with the fixture's key unless told otherwise.
    func ask(
        _ method: HTTPRequest.Method, _ path: String, key: String? = key, _ headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> TestAnswer {
        var headers = headers
        if let key { headers[.apiKey] = key }
        let fields = headers
        return try await Application(responder: application).test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) }
            ) { TestAnswer($0) }
        }
    }
}
