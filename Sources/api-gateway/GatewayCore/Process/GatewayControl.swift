import Glibc
import Logging
import NIOCore
import Observability
import ServiceLifecycle
import ServiceSupport
import Sharding
import Synchronization
import WireProtocol

/// Our end of the control channel: says what we are and how we are, takes maps and the order to drain.
final class GatewayControl: Service {
    static let beat: Duration = .seconds(2)
    /// Between two tries to reach a worker before `ready`.
    static let probePause: Duration = .milliseconds(50)
    /// Between two looks at the way to the workers and back, for the supervisor's watchdog.
    static let probePace: Duration = .seconds(5)
    /// For one try, over all workers.
    static let probeLimit: Duration = .seconds(2)

    private let connection: ControlConnection
    private let workers: WorkerClient
    private let health: GatewayHealth
    private let group: any EventLoopGroup
    private let gauges: @Sendable () -> [String: Int64]
    private let isServing: @Sendable () -> Bool
    private let drain: DrainOrder
    private let retire: @Sendable () -> Void
    private let logger: Logger
    /// When a worker last answered one of our probes.
    private let answered = Mutex<ContinuousClock.Instant?>(nil)

    init(
        connection: ControlConnection, workers: WorkerClient, health: GatewayHealth, group: any EventLoopGroup,
        drain: DrainOrder, retire: @escaping @Sendable () -> Void, logger: Logger,
        isServing: @escaping @Sendable () -> Bool,
        gauges: @escaping @Sendable () -> [String: Int64]
    ) {
        self.connection = connection
        self.workers = workers
        self.health = health
        self.group = group
        self.drain = drain
        self.retire = retire
        self.logger = logger
        self.isServing = isServing
        self.gauges = gauges
    }

    /// Runs until graceful shutdown (which, being the last in the group, comes when everything else has drained),
    /// then says `drained`.
    func run() async throws {
        try await connection.send(
            .hello(ChildGreeting(role: "gateway", index: 0, pid: getpid(), version: BuildVersion.text)))
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.listen() }
            tasks.addTask { await self.announceReadiness() }
            tasks.addTask { await self.beatRegularly() }
            tasks.addTask { await self.probeRegularly() }
            // Throws only when cancelled, and then we leave all the same.
            try? await gracefulShutdown()
            tasks.cancelAll()
        }
        // The supervisor may be gone; then nobody waits for this.
        try? await connection.send(.drained)
        await connection.close()
    }

    private func allGauges() -> [String: Int64] {
        var all = gauges()
        all["probe.age.ms"] = answered.withLock { $0 }.map { $0.duration(to: .now).wholeMilliseconds }
        return all
    }

    private func listen() async {
        for await message in connection.messages {
            switch message {
            case .assign(let map): take(map)
            case .drain:
                logger.notice("drain ordered")
                drain.give()
            case .retire:
                logger.notice("relieved by another gateway")
                retire()
            default:
                logger.warning("unexpected control message", metadata: [LogKey.value: "\(message)"])
            }
        }
        guard !Task.isCancelled else { return }
        logger.notice("supervisor is gone")
        drain.give()
    }

    private func take(_ map: SlotMap) {
        workers.board.post(map)
        logger.info(
            "slot map received", metadata: [LogKey.epoch: "\(map.epoch)", LogKey.count: "\(map.workerCount)"])
    }

    /// Ready means: a real request went through a worker. The users of others that are down must not hide everybody.
    private func announceReadiness() async {
        while !Task.isCancelled {
            if isServing(), await isAnyWorkerAnswering() {
                // All of them is what `/ready` tells.
                _ = await health.isReady()
                logger.notice("ready")
                // When the supervisor is gone, the listener notices.
                try? await connection.send(.ready)
                return
            }
            try? await Task.sleep(for: Self.probePause)
        }
    }

    private func isAnyWorkerAnswering() async -> Bool {
        await workers.askAll(Operation.probe, within: Self.probeLimit).contains { $0 != nil }
    }

    /// Any answer counts: a registry that is down is no reason to restart the house.
    private func probeRegularly() async {
        while !Task.isCancelled {
            if await workers.isAnyAnswering(Operation.probe, within: Self.probeLimit) {
                answered.withLock { $0 = .now }
            }
            // Cancelled early, the loop's condition ends it.
            try? await Task.sleep(for: Self.probePace)
        }
    }

    private func beatRegularly() async {
        while !Task.isCancelled {
            let lag = await LoopLag.measure(group)
            let report = ChildHealth(loopLagMilliseconds: lag.wholeMilliseconds, gauges: allGauges())
            // When the supervisor is gone, the listener notices.
            try? await connection.send(.alive(report))
            // Cancelled early, the loop's condition ends it.
            try? await Task.sleep(for: Self.beat)
        }
    }
}
