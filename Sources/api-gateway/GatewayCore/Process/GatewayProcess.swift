import Glibc
import Logging
import NIOCore
import NIOPosix
import Observability
import ServiceLifecycle
import ServiceSupport
import UnixSignals
import WireProtocol

/// The whole gateway process, from its configuration to its exit.
package enum GatewayProcess {
    /// Serves until told to drain, until the supervisor is gone, or until `SIGTERM`.
    ///
    /// Throws ``InvalidConfiguration`` when it was not started by a supervisor, and what a service threw.
    package static func run(_ configuration: GatewayConfiguration) async throws {
        let inherited = try Inheritance(configuration)
        // Ctrl-C reaches the whole foreground group; when to stop is the supervisor's decision.
        signal(SIGINT, SIG_IGN)
        DescriptorLimit.raise()
        let logger = Logger(label: "gateway")
        for warning in configuration.warnings {
            logger.warning(
                "setting has no effect", metadata: [LogKey.key: "\(warning.key)", LogKey.reason: "\(warning.message)"])
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: min(4, max(2, System.coreCount)))
        let board = SlotMapBoard()
        let workers = WorkerClient(board: board, runtimeDirectory: inherited.runtimeDirectory, group: group)
        let health = GatewayHealth(workers: workers)
        let application = try GatewayApplication(configuration: configuration, workers: workers, health: health)
        let service = GatewayService(
            application: application, descriptor: inherited.listenDescriptor, limits: configuration.connections,
            group: group, onDraining: { application.streams.end() }, logger: logger)
        let metrics = inherited.metricsDescriptor.map { descriptor in
            GatewayService(
                application: MetricsApplication(
                    gathering: MetricsGathering(
                        workers: workers, runtimeDirectory: inherited.runtimeDirectory, group: group)),
                descriptor: descriptor, limits: .metrics, group: group, logger: logger)
        }
        let drain = DrainOrder()
        let control = GatewayControl(
            connection: try await ControlConnection.adopt(
                descriptor: inherited.controlDescriptor, on: group, logger: logger),
            workers: workers, health: health, group: group, drain: drain, retire: { service.retire() },
            logger: logger, isServing: { service.isServing },
            gauges: {
                ["connections": Int64(service.connectionCount), "requests": Int64(workers.requestsUnderWay)]
            })
        try await runGroup(control: control, service: service, metrics: metrics, drain: drain, logger: logger)
        await workers.close()
        try await group.shutdownGracefully()
    }

    /// Shuts down from last to first: the order to drain, the server, and when that is drained the control channel.
    private static func runGroup(
        control: GatewayControl, service: GatewayService, metrics: GatewayService?, drain: DrainOrder, logger: Logger
    ) async throws {
        // Those who only look are the last to be sent away.
        let services: [any Service] = [control] + (metrics.map { [$0] } ?? []) + [service, drain]
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            gracefulShutdownSignals: [.sigterm], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        configuration.maximumCancellationDuration = .seconds(2)
        try await ServiceGroup(configuration: configuration).run()
    }
}
