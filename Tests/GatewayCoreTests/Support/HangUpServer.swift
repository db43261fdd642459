import NIOCore
import NIOPosix
import Synchronization

/// A worker that dies over the first request: it hangs up on the first byte, as often as it is asked.
final class HangUpServer: Sendable {
    private let channel: any Channel
    private let counter: Counter

    private final class Counter: Sendable { let value = Atomic<Int>(0) }

    /// How often it has hung up.
    var count: Int { counter.value.load(ordering: .relaxed) }

    init(at path: String) async throws {
        let counter = Counter()
        self.counter = counter
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HangUp { counter.value.add(1, ordering: .relaxed) })
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    }

    func stop() async throws { try await channel.close() }

    private final class HangUp: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let note: () -> Void
        init(_ note: @escaping () -> Void) { self.note = note }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            note()
            context.close(promise: nil)
        }
    }
}
