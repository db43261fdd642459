import NIOCore
import NIOPosix
import WireProtocol

/// Accepts connections and leaves all talking to the test.
struct RawServer: Sendable {
    private let channel: any Channel
    private let accepted: AsyncStream<RawPeer>

    static func listen(at path: String) async throws -> RawServer {
        let (accepted, continuation) = AsyncStream<RawPeer>.makeStream()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                let inbox = FrameInbox()
                return inbox.install(in: channel).map { _ in _ = continuation.yield(RawPeer(channel, inbox)) }
            }
            .bind(unixDomainSocketPath: path).get()
        return RawServer(channel: channel, accepted: accepted)
    }

    /// The next connection.
    func accept() async -> RawPeer? { await accepted.first { _ in true } }

    func close() async {
        // Closing may fail only because it is closed already.
        try? await channel.close()
    }
}
