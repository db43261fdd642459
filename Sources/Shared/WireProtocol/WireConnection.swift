package import NIOCore
import NIOPosix

/// One connection to a ``WireServer``: the gateway's side of the wire. Many calls at a time.
package struct WireConnection: Sendable {
    private let channel: any Channel
    private let calls: NIOLoopBound<WireCalls>

    /// Connects, or throws ``WireError`` `.unreachable` within `timeout`.
    package static func connect(
        to path: String, on group: any EventLoopGroup, timeout: Duration = .seconds(1)
    ) async throws -> WireConnection {
        let address = try UnixSocket.address(path)
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(.milliseconds(max(1, timeout.wholeMilliseconds)))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers(
                            ByteToMessageHandler(FrameDecoder(), maximumBufferSize: FrameCodec.maximumFrameBytes),
                            WireCalls())
                    }
                }
                .connect(to: address).get()
            let calls = try await channel.eventLoop.submit {
                NIOLoopBound(
                    try channel.pipeline.syncOperations.handler(type: WireCalls.self), eventLoop: channel.eventLoop)
            }.get()
            return WireConnection(channel: channel, calls: calls)
        } catch {
            throw WireError(.unreachable, "cannot connect to \(path): \(error)")
        }
    }

    /// Sends the request and waits for its answer, at most for the request's own time-out.
    ///
    /// Throws ``WireError``: `.overloaded`, `.bodyTooLong`, `.headerTooLong`, `.unreachable` (nothing sent),
    /// `.deadlineExceeded` (the peer is told to stop), `.connectionClosed` and others (fate unknown), or `CancellationError` when the calling task is cancelled.
    package func call(_ request: Request) async throws -> Response {
        let ticket = CallTicket()
        let (channel, calls) = (channel, calls)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                channel.eventLoop.executeOrRun {
                    calls.value.begin(request, ticket: ticket, continuation: continuation)
                }
            }
        } onCancel: {
            channel.eventLoop.execute { calls.value.cancel(ticket) }
        }
    }

    package var isActive: Bool { channel.isActive }

    /// Completes when the connection has ended for whatever reason.
    package var closed: EventLoopFuture<Void> { channel.closeFuture }

    package func close() async {
        // Closing may fail only because it is closed already.
        try? await channel.close()
    }
}

extension EventLoop {
    /// Runs `work` at once when the caller is on the loop, else as soon as the loop comes to it.
    func executeOrRun(_ work: @escaping @Sendable () -> Void) {
        if inEventLoop { work() } else { execute(work) }
    }
}
