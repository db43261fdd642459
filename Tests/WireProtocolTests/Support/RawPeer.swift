import NIOCore
import NIOPosix
import WireProtocol

/// One end of a connection that speaks frames, or nonsense, exactly as the test tells it.
struct RawPeer: Sendable {
    private let channel: any Channel
    private let inbox: FrameInbox

    init(_ channel: any Channel, _ inbox: FrameInbox) {
        self.channel = channel
        self.inbox = inbox
    }

    static func connect(to path: String) async throws -> RawPeer {
        let inbox = FrameInbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in inbox.install(in: channel) }
            .connect(unixDomainSocketPath: path).get()
        return RawPeer(channel, inbox)
    }

    func send(_ frames: Frame...) async throws {
        var bytes = ByteBuffer()
        for frame in frames { try FrameCodec.encode(frame, into: &bytes) }
        try await send(bytes)
    }

    func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

    /// The next frame from the other side; nil when it has closed the connection.
    func next() async -> Frame? { await inbox.next() }

    /// Frames that have arrived and were not taken.
    var waiting: Int { inbox.count }

    /// Stops or resumes reading from the socket.
    func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
    }

    func close() async {
        // Closing may fail only because it is closed already.
        try? await channel.close()
    }
}

/// Convenience for the frames that tests send most.
extension Frame {
    static func request(_ number: UInt64, _ operation: String = "echo", body: String = "") -> Frame {
        Request(operation: operation, timeout: .seconds(30), body: ByteBuffer(string: body)).frame(number: number)
    }

    static func bare(_ kind: FrameHeader.Kind, _ number: UInt64, credit: Int? = nil) -> Frame {
        var header = FrameHeader(kind: kind, number: number)
        header.credit = credit
        return Frame(header: header)
    }

    static func answer(_ number: UInt64, status: Int = 200, body: String = "") -> Frame {
        Frame(header: Response(status: status).header(number: number), body: ByteBuffer(string: body))
    }

    static func part(_ number: UInt64, _ body: String = "") -> Frame {
        Frame(header: Response(status: 200).header(number: number, kind: .part), body: ByteBuffer(string: body))
    }

    var text: String { String(buffer: body) }
}
