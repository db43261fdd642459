import NIOCore

/// Tells ``ConnectionGuard``, which sees only whole heads, that a client has begun to send one.
final class BytesArrivedNotifier: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connectionGuard: ConnectionGuard

    /// - Parameter connectionGuard: the one of the same connection.
    init(_ connectionGuard: ConnectionGuard) { self.connectionGuard = connectionGuard }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connectionGuard.bytesArrived()
        context.fireChannelRead(data)
    }
}
