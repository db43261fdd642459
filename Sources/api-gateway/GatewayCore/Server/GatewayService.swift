import EventLoopTasks
import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import Observability
import ServiceLifecycle
import ServiceSupport
import Synchronization
import WireProtocol

/// Serves the application on a listening socket that somebody else has bound.
///
/// Draining, in the one order that refuses nobody: answer with `Connection: close`, stop accepting, and a moment
/// later close the idle connections and, after their answers, the others. The process that takes over must
/// accept already, or soon.
///
/// Retiring, when another accepts already, fails nobody either: idle connections stay until their clients have used
/// them once more, or for ``ConnectionLimits/retirementPatience``. Closing one can cross a request that is on its way.
package final class GatewayService: Service {
    private let application: any HTTPResponder<GatewayContext>
    private let descriptor: Int32
    private let limits: ConnectionLimits
    private let group: any EventLoopGroup
    private let onDraining: @Sendable () -> Void
    private let logger: Logger
    private let roster = ConnectionRoster()
    private let serving = Atomic<Bool>(false)
    private let isPatient = Atomic<Bool>(false)
    private let drainRequests: AsyncStream<Void>
    private let drainRequest: AsyncStream<Void>.Continuation

    /// The listening descriptor belongs to the service from ``run()`` on.
    ///
    /// - Parameter onDraining: ends answers that would not end by themselves.
    package init(
        application: any HTTPResponder<GatewayContext>, descriptor: Int32, limits: ConnectionLimits,
        group: any EventLoopGroup, onDraining: @escaping @Sendable () -> Void = {}, logger: Logger
    ) {
        self.application = application
        self.descriptor = descriptor
        self.limits = limits
        self.group = group
        self.onDraining = onDraining
        self.logger = logger
        (drainRequests, drainRequest) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Whether connections are accepted, or have been.
    package var isServing: Bool { serving.load(ordering: .relaxed) }

    /// Open client connections.
    package var connectionCount: Int { roster.count }

    /// Begins to drain; ``run()`` returns when that is done. Graceful shutdown does the same.
    /// Ends the patience of a retirement.
    package func beginDraining() {
        isPatient.store(false, ordering: .relaxed)
        drainRequest.yield()
    }

    /// Begins to drain with patience for idle connections, because another gateway serves; ``run()`` returns when that
    /// is done.
    package func retire() {
        isPatient.store(true, ordering: .relaxed)
        drainRequest.yield()
    }

    /// Serves until drained, or until cancelled, which closes everything at once. Call once.
    package func run() async throws {
        let acceptor = try ConnectionAcceptor(
            listener: descriptor, maximumConnections: limits.maximumConnections, logger: logger)
        acceptor.start()
        serving.store(true, ordering: .relaxed)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { tasks in
                tasks.addTask { await self.drain(acceptor) }
                let http = self.makeHTTPChannel()
                let executors = self.group.makeIterator().map { EventLoopTaskExecutor($0) }
                var turn = 0
                for await socket in acceptor.sockets {
                    turn = (turn + 1) % executors.count
                    let executor = executors[turn]
                    tasks.addTask(executorPreference: executor) {
                        await self.serve(socket, http, on: executor.loop)
                        acceptor.connectionEnded()
                    }
                }
            }
        } onGracefulShutdown: {
            self.beginDraining()
        }
    }

    /// One connection from its first byte to its end.
    private func serve(_ socket: Int32, _ http: HTTP1Channel, on loop: any EventLoop) async {
        do {
            let (limits, roster, logger) = (limits, roster, logger)
            let connection = try await ClientBootstrap(group: loop)
                .channelOption(.allowRemoteHalfClosure, value: true)
                .withConnectedSocket(socket) { Self.setUp($0, limits, roster) }
            await http.handle(value: connection, logger: logger)
        } catch {
            // A client that was gone before we looked.
            logger.debug("connection not set up", metadata: [LogKey.error: "\(error)"])
        }
    }

    /// Parser, guard, and the framework's end of the connection.
    private static func setUp(
        _ channel: any Channel, _ limits: ConnectionLimits, _ roster: ConnectionRoster
    ) -> EventLoopFuture<HTTP1Channel.Value> {
        roster.add(channel)
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let connectionGuard = ConnectionGuard(limits: limits, roster: roster)
            try pipeline.addHandler(BytesArrivedNotifier(connectionGuard))
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: ConnectionLimits.ofHeads)
            try pipeline.addHandler(connectionGuard)
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    private func makeHTTPChannel() -> HTTP1Channel {
        let (application, logger) = (application, logger)
        return HTTP1Channel { request, writer, channel in
            let context = GatewayContext(source: .init(channel: channel, logger: logger))
            let response = try await application.respond(to: request, context: context)
            try await writer.write(response: response.head, body: response.body)
        }
    }

    /// Waits for the request to drain, then does it. Returns when no connection is left. Cancelled at any time it
    /// closes everything at once, which is why its waits may end early.
    private func drain(_ acceptor: ConnectionAcceptor) async {
        for await _ in drainRequests { break }
        if !Task.isCancelled { logger.notice("draining", metadata: [LogKey.count: "\(roster.count)"]) }
        roster.beginDraining()
        acceptor.stop()
        onDraining()
        let (deadline, patience) = (Deadline.after(limits.drainTimeout), Deadline.after(limits.retirementPatience))
        try? await Task.sleep(for: limits.drainPause)
        while acceptor.connectionCount > 0, !deadline.isPast, !Task.isCancelled {
            if patience.isPast || !isPatient.load(ordering: .relaxed) { roster.quiesce(olderThan: limits.drainPause) }
            try? await Task.sleep(for: .milliseconds(20))
        }
        if roster.count > 0 { logger.warning("connections cut off", metadata: [LogKey.count: "\(roster.count)"]) }
        roster.closeAll()
    }
}
