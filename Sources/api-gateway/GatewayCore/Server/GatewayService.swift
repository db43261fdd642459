import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import ServiceSupport

/// Serves the application on a listening socket that somebody else has bound.
///
/// Draining, in the one order that refuses nobody: answer with `Connection: close`, stop accepting, and a moment
/// later close the idle connections and, after their answers, the others. The process that takes over must
/// accept already.
package final class GatewayService: Service {
    private let application: GatewayApplication
    private let descriptor: Int32
    private let limits: ConnectionLimits
    private let group: any EventLoopGroup
    private let logger: Logger
    private let roster = ConnectionRoster()
    private let drainRequests: AsyncStream<Void>
    private let drainRequest: AsyncStream<Void>.Continuation

    /// The listening descriptor belongs to the service from ``run()`` on.
    package init(
        application: GatewayApplication, descriptor: Int32, limits: ConnectionLimits, group: any EventLoopGroup,
        logger: Logger
    ) {
        self.application = application
        self.descriptor = descriptor
        self.limits = limits
        self.group = group
        self.logger = logger
        (drainRequests, drainRequest) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Open client connections.
    package var connectionCount: Int { roster.count }

    /// Begins to drain; ``run()`` returns when that is done. Graceful shutdown does the same.
    package func beginDraining() { drainRequest.yield() }

    /// Serves until drained, or until cancelled, which closes everything at once.
    package func run() async throws {
        let http = makeHTTPChannel()
        let server = try await listen(http)
        let logger = logger
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self.drain(server.channel) }
                tasks.addTask {
                    try await withThrowingDiscardingTaskGroup { connections in
                        try await server.executeThenClose { accepted in
                            for try await connection in accepted {
                                connections.addTask { await http.handle(value: connection, logger: logger) }
                            }
                        }
                    }
                }
                // The drain task ends by itself or with us; the connections' end is the service's.
                try await tasks.next()
                try await tasks.next()
            }
        } onGracefulShutdown: {
            self.beginDraining()
        }
    }

    private func listen(_ http: HTTP1Channel) async throws -> NIOAsyncChannel<HTTP1Channel.Value, Never> {
        let (limits, roster, logger) = (limits, roster, logger)
        return try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AvailableConnectionsChannelHandler(maxConnections: limits.maximumConnections))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(descriptor) { channel in
                roster.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(BytesArrivedNotifier())
                }.flatMap {
                    http.setup(channel: channel, logger: logger)
                }.flatMapThrowing { value in
                    let pipeline = channel.pipeline.syncOperations
                    let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                    try pipeline.addHandler(ConnectionGuard(limits: limits, roster: roster), position: .after(parser))
                    return value
                }
            }
    }

    private func makeHTTPChannel() -> HTTP1Channel {
        let (application, logger) = (application, logger)
        return HTTP1Channel(
            responder: { request, writer, channel in
                let context = GatewayContext(source: .init(channel: channel, logger: logger))
                var response = try await application.respond(to: request, context: context)
                response.headers[.date] = HTTPDate.shared.text
                response.headers[.server] = "torbox-backend"
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: .init(
                idleTimeout: TimeAmount(limits.idleTimeout),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: ConnectionLimits.maximumHeaderBytes,
                    maxHeaderListSize: ConnectionLimits.maximumHeaderBytes, maxHeaderFieldCount: 200)))
    }

    /// Waits for the request to drain, then does it. Returns when no connection is left.
    private func drain(_ server: any Channel) async {
        for await _ in drainRequests { break }
        guard !Task.isCancelled else { return roster.closeAll() }
        logger.notice("draining", metadata: ["connections": "\(roster.count)"])
        roster.beginDraining()
        // Fails only when the channel is closed, and then nothing is accepted either.
        try? await server.setOption(.autoRead, value: false).get()
        try? await Task.sleep(for: limits.drainPause)
        try? await server.close()
        roster.quiesce()
        let deadline = Deadline.after(limits.drainTimeout)
        while roster.count > 0, !deadline.isPast, !Task.isCancelled {
            // Cancelled early, the loop's condition ends it.
            try? await Task.sleep(for: .milliseconds(20))
        }
        if roster.count > 0 { logger.warning("connections cut off", metadata: ["connections": "\(roster.count)"]) }
        roster.closeAll()
    }
}
