package import Logging
package import NIOCore
import Observability
import ServiceSupport
import Sharding
import WireProtocol

/// Boots the house in order, keeps it up, takes it down in reverse:
/// check of all settings, data directory, listening socket, `worker migrate`, workers, gateway.
package struct SupervisorService: Sendable {
    private let settings: SupervisorSettings
    private let source: @Sendable () -> SupervisorSettings
    private let limits: SupervisorLimits
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let hangUps: AsyncStream<Void>
    private let notifier: SystemdNotifier
    private let watchdogLimit: Duration?

    /// - Parameters:
    ///   - settings: with what is wrong with them; then nothing is started.
    ///   - source: reads them anew, at a reload.
    ///   - hangUps: each asks for a reload.
    ///   - watchdogLimit: the longest that systemd waits to hear from us; nil when it does not watch.
    package init(
        _ settings: SupervisorSettings, source: @escaping @Sendable () -> SupervisorSettings,
        limits: SupervisorLimits = SupervisorLimits(), eventLoop: any EventLoop,
        hangUps: AsyncStream<Void> = AsyncStream { $0.finish() }, notifier: SystemdNotifier = .silent,
        watchdogLimit: Duration? = nil, logger: Logger
    ) {
        self.settings = settings
        self.source = source
        self.limits = limits
        self.eventLoop = eventLoop
        self.logger = logger
        self.hangUps = hangUps
        self.notifier = notifier
        self.watchdogLimit = watchdogLimit
    }

    private var configuration: SupervisorConfiguration { settings.configuration }
    private var programs: ChildPrograms { settings.programs }

    /// Returns the exit code once every child is gone: 0 after a request to stop, 78 for a configuration that only a
    /// human can mend, 75 when the gateway or every worker died too often, or another supervisor is running.
    package func run(until stop: StopRequests) async -> Int32 {
        let began = ContinuousClock.now
        logger.notice("supervisor starting", metadata: [LogKey.count: "\(configuration.workers)"])
        do {
            guard let (lock, listener) = try await unlessStopped(stop, bootPatiently) else {
                logger.notice("supervisor stopped before it was ready")
                return ExitCode.stopped
            }
            defer { withExtendedLifetime(lock) {} }
            return await serve(listener, stop, since: began)
        } catch {
            return report(error)
        }
    }

    // MARK: - Boot

    /// ``boot()``, while systemd grants the time for it.
    private func bootPatiently() async throws -> (DataDirectoryLock, ListeningSocket) {
        async let _ = SystemdReporter.extendStart(notifier)
        // Leaving the scope cancels the other and waits for it.
        return try await boot()
    }

    /// Everything up to the first worker.
    private func boot() async throws -> (DataDirectoryLock, ListeningSocket) {
        let problems = await ConfigurationCheck(eventLoop: eventLoop).run(settings).problems
        guard problems.isEmpty else { throw InvalidConfiguration(problems) }
        try PrivateDirectory.prepare(configuration.dataDirectory, key: "DATA_DIR")
        let lock = try DataDirectoryLock(directory: configuration.dataDirectory)
        try PrivateDirectory.prepare(configuration.runtimeDirectory, key: "RUNTIME_DIR")
        let listener = try await openListener()
        try await migrate()
        return (lock, listener)
    }

    private func openListener() async throws -> ListeningSocket {
        let listener =
            if let inherited = configuration.sockets.http {
                try ListeningSocket.inherited(inherited)
            } else {
                try await ListeningSocket.bind(
                    host: configuration.host, port: configuration.port, patience: limits.portPatience)
            }
        logger.info("listening socket open", metadata: [LogKey.address: "\(listener.address)"])
        return listener
    }

    /// Nil when metrics are switched off, or cannot be served: the house stands without them.
    private func openMetricsListener() async -> ListeningSocket? {
        guard let address = configuration.metricsAddress else { return nil }
        do {
            let listener = try await ListeningSocket.bind(
                host: address.host, port: address.port, patience: limits.portPatience)
            logger.info("metrics socket open", metadata: [LogKey.address: "\(listener.address)"])
            return listener
        } catch {
            logger.error(
                "metrics are not served",
                metadata: [
                    LogKey.key: "METRICS_ADDRESS",
                    LogKey.reason: "\((error as? ConfigurationProblem)?.message ?? "\(error)")",
                ])
            return nil
        }
    }

    private func migrate() async throws {
        let began = ContinuousClock.now
        let specification = programs.command(programs.worker, "migrate")
        let outcome = try await OneShotCommand(
            specification: specification, limit: limits.migration, eventLoop: eventLoop
        ).run()
        try Task.checkCancellation()
        guard outcome.status == .exited(ExitCode.stopped) else { throw Self.failedMigration(outcome.status) }
        let duration = began.duration(to: .now).milliseconds
        logger.info("data prepared", metadata: [LogKey.durationMilliseconds: "\(duration)"])
    }

    private static func failedMigration(_ status: ProcessExit) -> SupervisorError {
        let exitCode = status == .exited(ExitCode.configuration) ? ExitCode.configuration : ExitCode.temporary
        return SupervisorError(
            .commandFailed, "worker migrate failed with \(status)", hint: "see the worker's own lines above",
            exitCode: exitCode)
    }

    /// Runs `body`; a request to stop cancels it, and then the result is nil.
    private func unlessStopped<Result: Sendable>(
        _ stop: StopRequests, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask { try await body() }
            tasks.addTask {
                for await _ in stop.stream() { break }
                return nil
            }
            defer { tasks.cancelAll() }
            return try await tasks.next() ?? nil
        }
    }

    // MARK: - Serving

    private func serve(_ listener: ListeningSocket, _ stop: StopRequests, since began: ContinuousClock.Instant) async
        -> Int32
    {
        var childLimits = limits.child
        childLimits.hung = min(childLimits.hung, configuration.hungAfter)
        let machine = FleetStateMachine(
            map: SlotMap(workers: configuration.workers), limits: childLimits,
            shutdownGrace: configuration.shutdownTimeout)
        let board = FleetBoard(machine)
        let desk = ControlDesk(
            board: board, stop: stop, settings: settings, source: source,
            check: ConfigurationCheck(eventLoop: eventLoop), hungLimit: limits.child.hung, logger: logger)
        let fleet = FleetService(
            machine: machine,
            programs: programs, listener: listener, metricsListener: await openMetricsListener(), eventLoop: eventLoop,
            log: FleetLog(logger), stop: stop,
            changes: desk.changes, board: board,
            onServing: { announceServing(on: listener, since: began) },
            onDraining: { announceDraining() }, onRevert: desk.noteRevert)
        let exitCode = await withTaskGroup { tasks in
            tasks.addTask { await serveControl(desk) }
            tasks.addTask {
                await SystemdReporter(notifier: notifier, watchdogLimit: watchdogLimit, board: board, logger: logger)
                    .run()
            }
            tasks.addTask { for await _ in hangUps { _ = await desk.reload() } }
            let exitCode = await fleet.run()
            tasks.cancelAll()
            return exitCode
        }
        logger.notice("supervisor stopped", metadata: [LogKey.status: "\(exitCode)"])
        return exitCode
    }

    /// Answers operators until cancelled. The house stands without it.
    private func serveControl(_ desk: ControlDesk) async {
        let path = ControlSocket.path(runtimeDirectory: configuration.runtimeDirectory)
        do {
            let server = try await WireServer.listen(at: path, on: eventLoop, logger: logger) { await desk.answer($0) }
            // Cancellation is the only end, and it ends the sleep at once.
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
            await server.drain(within: .seconds(1))
        } catch {
            logger.error("control socket cannot be opened", metadata: [LogKey.error: "\(error)"])
        }
    }

    private func announceServing(on listener: ListeningSocket, since began: ContinuousClock.Instant) {
        let metadata: Logger.Metadata = [
            LogKey.address: "\(listener.address)", LogKey.count: "\(configuration.workers)",
            LogKey.durationMilliseconds: "\(began.duration(to: .now).milliseconds)",
        ]
        logger.notice("supervisor ready", metadata: metadata)
        notifier.send(.ready)
    }

    private func announceDraining() {
        logger.notice("supervisor draining")
        // Whatever the unit's limit is, the drain may take what the settings say, and a moment to kill what is left.
        notifier.send(.stopping, .extendTimeout(configuration.shutdownTimeout + .seconds(10)))
    }

    // MARK: - Failing

    /// Logs it for the operator and says what to exit with.
    private func report(_ error: any Error) -> Int32 {
        switch error {
        case let invalid as InvalidConfiguration: return report(invalid.problems)
        case let problem as ConfigurationProblem: return report([problem])
        case let failure as SupervisorError:
            logger.critical(
                "supervisor cannot start",
                metadata: [LogKey.errorCode: "\(failure.code)", LogKey.error: "\(failure)"])
            return failure.exitCode
        default:
            logger.critical("supervisor cannot start", metadata: [LogKey.error: "\(error)"])
            return ExitCode.bug
        }
    }

    private func report(_ problems: [ConfigurationProblem]) -> Int32 {
        for problem in problems {
            logger.critical(
                "configuration problem", metadata: [LogKey.key: "\(problem.key)", LogKey.reason: "\(problem.message)"])
        }
        return ExitCode.configuration
    }
}
