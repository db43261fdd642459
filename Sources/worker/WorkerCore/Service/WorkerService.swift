import DomainModel
import Glibc
import Logging
import NIOPosix
import Observability
import Registry
import ServiceLifecycle
import ServiceSupport
import Sharding
import UserStore
import WireProtocol

/// A worker under its supervisor: greets, takes the slots that it is given, says ready, works, drains.
///
/// Ends in order on `drain`, on SIGTERM, and when the control channel ends: then the supervisor is gone, and what is
/// under way is finished before the process exits.
struct WorkerService: Service {
    let index: Int
    let configuration: WorkerConfiguration
    let logger: Logger

    /// Where the supervisor leaves our end of the control channel.
    static let controlVariable = "TORBOX_CONTROL_FD"
    /// Between two check-ins.
    static let checkInInterval: Duration = .seconds(2)
    /// How long polls under way may take to reach a safe point when draining.
    static let drainLimit: Duration = .seconds(25)

    func run() async throws {
        DescriptorLimit.raise()
        Allocator.returnLargeBlocks()
        let control = try await ControlConnection.adopt(
            descriptor: try Self.controlDescriptor(), on: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await control.send(
            .hello(ChildGreeting(role: "worker", index: index, pid: getpid(), version: BuildVersion.text)))
        let parts: WorkerParts
        do {
            parts = try await WorkerParts.open(configuration, logger)
        } catch {
            let failure = StartFailure(error)
            // The supervisor may be gone already; the exit code and the log say the same.
            try? await control.send(.failed(reason: failure.description))
            throw failure
        }
        try await serve(parts, control)
    }

    private func serve(_ parts: WorkerParts, _ control: ControlConnection) async throws {
        let (assigned, ended) = (StopSignal(), StopSignal())
        try await withThrowingTaskGroup(of: Void.self) { group in
            let keeper = SlotKeeper(parts: parts, index: index, logger: logger)
            group.addTask { try await obey(control, keeper, assigned: assigned, ended: ended) }
            try await withGracefulShutdownHandler {
                await assigned.wait()
                if !ended.isStopping { try await work(parts, control, until: ended) }
            } onGracefulShutdown: {
                ended.stop()
                assigned.stop()
            }
            try await parts.close()
            // The supervisor may be gone; nobody is left to be told then.
            try? await control.send(.drained)
            await control.close()
            try await group.waitForAll()
        }
        logger.notice("worker drained")
    }

    /// Follows the supervisor's orders until it says drain or its end of the channel is gone.
    private func obey(
        _ control: ControlConnection, _ keeper: SlotKeeper, assigned: StopSignal, ended: StopSignal
    ) async throws {
        defer {
            ended.stop()
            assigned.stop()
        }
        for await message in control.messages {
            switch message {
            case .assign(let map):
                try await keeper.adopt(map)
                assigned.stop()
            case .release(let slots, let epoch):
                try await keeper.giveUp(slots)
                try await control.send(.released(slots: slots, epoch: epoch))
            case .liftBreaker: keeper.parts.breaker.lift()
            case .drain: return
            default: logger.warning("unexpected control message", metadata: ["message": "\(message)"])
            }
        }
        if !ended.isStopping { logger.warning("the supervisor is gone, ending in order") }
    }

    private func work(_ parts: WorkerParts, _ control: ControlConnection, until ended: StopSignal) async throws {
        let path = WorkerAddress.socketPath(runtimeDirectory: configuration.runtimeDirectory, worker: index)
        let router = parts.router
        let server = try await WireServer.listen(
            at: path, on: MultiThreadedEventLoopGroup.singleton, logger: logger
        ) { await router.answer($0) }
        let (pollsEnded, uploadsEnded) = (StopSignal(), StopSignal())
        await withTaskGroup(of: Void.self) { group in
            let poller = parts.poller
            group.addTask {
                await parts.scheduler.run { await poller.poll($0, due: $1, leaving: $2) }
                pollsEnded.stop()
            }
            let uploads = parts.uploadProcessor
            group.addTask {
                await parts.uploadScheduler.run { user, _, _ in await uploads.drain(user) }
                uploadsEnded.stop()
            }
            group.addTask { await BackgroundWork(parts: parts, logger: logger).run() }
            group.addTask { await checkIn(parts, server, control) }
            await announce(control, path)
            await ended.wait()
            await drain(parts, server, [pollsEnded, uploadsEnded])
            group.cancelAll()
        }
    }

    private func announce(_ control: ControlConnection, _ path: String) async {
        // A supervisor that is gone shows as the end of the channel.
        try? await control.send(.ready)
        logger.notice("worker ready", metadata: [LogKey.path: "\(path)"])
    }

    /// Takes no more work, answers what was asked, lets polls reach a safe point.
    private func drain(_ parts: WorkerParts, _ server: WireServer, _ ends: [StopSignal]) async {
        parts.userGuard.trail.beginDraining()
        parts.stop.stop()
        await parts.scheduler.stop()
        await parts.uploadScheduler.stop()
        parts.events.close()
        await server.drain()
        do {
            try await withDeadline(Self.drainLimit, "draining polls and uploads") {
                for end in ends { await end.wait() }
            }
        } catch {
            logger.warning(
                "polls or uploads did not end in time, their open calls are settled at the next start",
                metadata: [LogKey.error: "\(error)"])
        }
    }

    /// Tells the supervisor every few seconds that our loops turn, and how much there is to do.
    private func checkIn(_ parts: WorkerParts, _ server: WireServer, _ control: ControlConnection) async {
        while !Task.isCancelled {
            let began = ContinuousClock.now
            try? await Task.sleep(for: Self.checkInInterval)  // Cancellation ends the loop.
            let lag = began.duration(to: .now) - Self.checkInInterval
            let polls = await parts.scheduler.status()
            let uploads = await parts.uploadScheduler.status()
            let quarantined = parts.userGuard.book.quarantined
            let frozen = parts.router.worker.sentinel.summary { parts.users.directory[$0] != nil }.frozenUsers
            let health = ChildHealth(
                loopLagMilliseconds: max(0, lag.wholeMilliseconds),
                gauges: [
                    "users": Int64(parts.users.directory.count), "requests": Int64(server.requestsUnderWay),
                    "streams": Int64(parts.events.listenerCount),
                    "polls.scheduled": Int64(polls.scheduled), "polls.running": Int64(polls.running),
                    "uploads.users": Int64(uploads.scheduled + uploads.running),
                    "polls.overdue": Int64(parts.silence.overdueCount),
                    "batches.parked": Int64(parts.parking.openBatches(where: parts.users.directory.isAutomated)),
                    "breaker.open": parts.breaker.standing.isOpen ? 1 : 0,
                    "slots": Int64(parts.ownership.slots.count),
                    "files.open": Int64(parts.pool.statistics.open),
                    "users.quarantined": Int64(quarantined.count), "users.frozen": Int64(frozen),
                ], quarantined: quarantined.prefix(ChildHealth.quarantinedShown).map(QuarantinedUser.init))
            // A supervisor that is gone shows as the end of the channel.
            try? await control.send(.alive(health))
        }
    }

    private static func controlDescriptor() throws -> Int32 {
        guard let text = getenv(controlVariable).map({ String(cString: $0) }), let descriptor = Int32(text) else {
            throw StartFailure(
                ExitCode.configuration, "worker serve is started by the supervisor; use `supervisor run`")
        }
        return descriptor
    }
}

extension QuarantinedUser {
    init(_ record: QuarantineRecord) {
        self.init(user: record.user.short, reason: record.reason, until: record.until?.iso8601 ?? "")
    }
}
