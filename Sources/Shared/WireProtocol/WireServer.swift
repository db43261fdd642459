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
    package static func listen(
        at path: String, on group: any EventLoopGroup, logger: Logger, handler: @escaping Handler
    ) async throws -> WireServer {
        let connections = ConnectionRegistry()
        let address = try UnixSocket.address(path)
        UnixSocket.removeStale(path)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let peer = try UnixSocket.peerUser(of: channel)
                    guard peer == UnixSocket.ownUser else {
                        throw WireError(.foreignPeer, "a process of user \(peer) connected to \(path)")
                    }
                    let connection = WireServerConnection(handler: handler, registry: connections, logger: logger)
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(FrameDecoder(), maximumBufferSize: FrameCodec.maximumFrameBytes),
                        MessageToByteHandler(FrameEncoder()), connection)
                }
            }
            .bind(to: address).get()
        try UnixSocket.restrict(path)
        return WireServer(channel: channel, connections: connections)
    }

    /// Takes no more connections and no more requests; returns when those under way are answered.
    package func drain() async {
        // Closing may fail only because it is closed already.
        try? await channel.close()
        await connections.drain()
    }

    /// Requests under way over all connections.
    package var requestsUnderWay: Int { connections.requestsUnderWay }
}
