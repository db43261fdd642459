import EventLoopTasks
import Hummingbird
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A TorBox API of invented accounts on a local port: what the backend talks to in tests, demos and benchmarks.
///
/// ```swift
/// let simulator = try await TorBoxSimulator.start()
/// simulator.addAccount("key-1")
/// let id = simulator.add(.seeding("Harbour.2019", ratio: 2), to: "key-1")
/// ... // the backend polls simulator.baseURL
/// #expect(simulator.calls(account: "key-1", endpoint: .torrentControl).count == 1)
/// await simulator.stop()
/// ```
///
/// It keeps no time of its own for rows (see ``SimulatedClock``), draws all chance from seeds, and never answers a
/// control call with `all: true` other than by refusing and counting it.
package final class TorBoxSimulator: Sendable {
    /// The port on which it listens.
    package let port: Int
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    package let baseURL: String
    let core: SimulatorCore
    private let server: Task<Void, Never>
    /// Ends when somebody asked for a shutdown over HTTP.
    let shutdownRequests: AsyncStream<Void>

    private init(port: Int, core: SimulatorCore, server: Task<Void, Never>, shutdownRequests: AsyncStream<Void>) {
        self.port = port
        baseURL = "http://\(core.configuration.host):\(port)"
        self.core = core
        self.server = server
        self.shutdownRequests = shutdownRequests
    }

    /// Starts listening.
    /// - Returns: When calls are answered.
    /// - Throws: When the port cannot be bound.
    package static func start(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration()
    ) async throws -> TorBoxSimulator {
        let core = SimulatorCore(configuration: configuration)
        let (ports, portSource) = AsyncStream.makeStream(of: Result<Int, any Error>.self)
        let (shutdowns, shutdownSource) = AsyncStream.makeStream(of: Void.self)
        let control = ControlInterface(core: core) { shutdownSource.finish() }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let application = application(core, control, on: loop) { portSource.yield(.success($0)) }
        // Unstructured because the server outlives this call; stop() ends it. Answers are made on the thread where calls
        // arrive: whoever is measured against a simulator shares the machine with it.
        let server = Task(executorPreference: EventLoopTaskExecutor(loop)) {
            do {
                try await application.run()
            } catch {
                portSource.yield(.failure(error))
            }
            portSource.finish()
            shutdownSource.finish()
        }
        for await result in ports {
            return TorBoxSimulator(port: try result.get(), core: core, server: server, shutdownRequests: shutdowns)
        }
        throw CancellationError()
    }

    /// Closes all connections, hanging ones too, and returns when the port is free.
    package func stop() async {
        server.cancel()
        await server.value
    }

    private static func application(
        _ core: SimulatorCore, _ control: ControlInterface, on loop: any EventLoop,
        onPort: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        let configuration = core.configuration
        return Application(
            responder: SimulatorResponder(core: core, control: control),
            server: .http1(configuration: .init(additionalChannelHandlers: [HalfCloseHandler()])),
            configuration: .init(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { channel in onPort(channel.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(loop),
            logger: configuration.logger)
    }
}
