package import Logging
package import NIOCore
import NIOPosix

/// One end of the control channel between the supervisor and a child.
package struct ControlConnection: Sendable {
    private let channel: any Channel

    /// What the other end says, in order. Finishes at end of file: the other process is gone.
    package let messages: AsyncStream<ControlMessage>

    /// Takes over a connected socket, such as one end of a socket pair or an inherited descriptor. The descriptor
    /// belongs to the connection from now on.
    package static func adopt(
        descriptor: Int32, on group: any EventLoopGroup, logger: Logger
    ) async throws -> ControlConnection {
        // Unbounded on purpose: dropping a message would lose an assignment. The peer is our own process, which
        // sends a handful of messages a minute.
        let (messages, continuation) = AsyncStream<ControlMessage>.makeStream()
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(FrameDecoder(), maximumBufferSize: FrameCodec.maximumFrameBytes),
                        ControlReceiver(continuation: continuation, logger: logger))
                }
            }
            .withConnectedSocket(descriptor).get()
        return ControlConnection(channel: channel, messages: messages)
    }

    /// Throws when the other end is gone, or ``WireError`` when the message is too long (nothing is sent then).
    package func send(_ message: ControlMessage) async throws {
        var bytes = channel.allocator.buffer(capacity: 256)
        try FrameCodec.encode(try message.frame(), into: &bytes)
        try await channel.writeAndFlush(bytes)
    }

    package func close() async {
        // Closing may fail only because it is closed already.
        try? await channel.close()
    }
}

private final class ControlReceiver: ChannelInboundHandler {
    typealias InboundIn = Frame

    private let continuation: AsyncStream<ControlMessage>.Continuation
    private let logger: Logger
    /// The other end said what cannot be understood: what follows may depend on it and is not believed.
    private var isBroken = false

    init(continuation: AsyncStream<ControlMessage>.Continuation, logger: Logger) {
        self.continuation = continuation
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        do {
            continuation.yield(try ControlMessage(Self.unwrapInboundIn(data)))
        } catch {
            errorCaught(context: context, error: error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isBroken = true
        logger.error("control channel closed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
        context.fireChannelInactive()
    }
}
