package import Logging
package import NIOCore
import NIOPosix

/// Answers requests on a Unix socket: the worker's side of the wire.
package struct WireServer: Sendable {
    /// Called for each request, many at a time. Cancelled when the asker cancels or its connection ends.
    package typealias Handler = @concurrent @Sendable (Request) async -> Response

    private let channel: any Channel
    private let connections: ConnectionRegistry

    /// Listens at `path` (an old socket file there is replaced), mode 0600, for peers of our own user only.
    ///
    /// Throws ``WireError`` `.socketPathTooLong` or `.cannotListen`.
    package static func listen(
        at path: String, on group: any EventLoopGroup, logger: Logger, handler: @escaping Handler
    ) async throws -> WireServer {
        let address = try UnixSocket.address(path)
        let connections = ConnectionRegistry()
        UnixSocket.removeStale(path)
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 256)
                .childChannelInitializer { channel in
                    admit(channel, path, logger).flatMapThrowing {
                        let connection = WireServerConnection(handler: handler, registry: connections, logger: logger)
                        try channel.pipeline.syncOperations.addHandlers(
                            ByteToMessageHandler(FrameDecoder(), maximumBufferSize: FrameCodec.maximumFrameBytes),
                            connection)
                    }
                }
                .bind(to: address).get()
            try await restrict(path, channel)
            return WireServer(channel: channel, connections: connections)
        } catch {
            throw WireError(.cannotListen, "cannot listen at \(path): \(error)")
        }
    }

    /// Takes no more connections and no more requests; returns when those under way are answered and their
    /// handlers have left. After `limit`, or when the calling task is cancelled, what is left is cut off.
    package func drain(within limit: Duration = .seconds(20)) async {
        let connections = connections
        // Closing may fail only because it is closed already.
        try? await channel.close()
        let timer = channel.eventLoop.scheduleTask(in: .milliseconds(limit.wholeMilliseconds)) {
            connections.cutOff()
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await connections.drain()
        } onCancel: {
            connections.cutOff()
        }
    }

    /// Requests under way over all connections.
    package var requestsUnderWay: Int { connections.requestsUnderWay }

    /// Fails unless the process at the other end is of our own user.
    private static func admit(_ channel: any Channel, _ path: String, _ logger: Logger) -> EventLoopFuture<Void> {
        UnixSocket.peerUser(of: channel).flatMapThrowing { peer in
            guard peer == UnixSocket.ownUser else {
                logger.warning("foreign wire peer refused", metadata: ["path": "\(path)", "peer.user": "\(peer)"])
                throw WireError(.foreignPeer, "a process of user \(peer) connected to \(path)")
            }
        }
    }

    private static func restrict(_ path: String, _ channel: any Channel) async throws {
        do {
            try UnixSocket.restrict(path)
        } catch {
            // The reason to close is what counts, not how that went.
            try? await channel.close()
            throw error
        }
    }
}
