import DomainModel
import Foundation
import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Speaks to a server byte by byte.
final class RawClient: Sendable {
    struct NoAnswer: Error { var received: String }

    private struct State {
        var received = ByteBuffer()
        var isClosed = false
    }
    private final class Inbox: Sendable { let state = Mutex(State()) }

    private let channel: any Channel
    private let inbox: Inbox

    init(port: Int) async throws {
        let inbox = Inbox()
        self.inbox = inbox
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Receiver(
                            take: { bytes in inbox.state.withLock { _ = $0.received.writeImmutableBuffer(bytes) } },
                            close: { inbox.state.withLock { $0.isClosed = true } }))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    var isClosed: Bool { inbox.state.withLock(\.isClosed) }

    /// What has come and not been taken by ``answer(within:)``.
    var received: String { inbox.state.withLock { String(buffer: $0.received) } }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    /// For servers that may hang up meanwhile.
    func sendIfOpen(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

    func get(_ path: String, _ extra: String = "") async throws {
        try await send("GET \(path) HTTP/1.1\r\nHost: x\r\nx-api-key: \(GatewayFixture.key)\r\n\(extra)\r\n")
    }

    /// From now on the server's bytes stay in the kernel's buffers.
    func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

    func close() async {
        // Closing may fail only because it is closed already.
        try? await channel.close()
    }

    /// The next whole answer. Throws ``NoAnswer`` when none comes in time.
    func answer(within limit: Duration = .seconds(10)) async throws -> TestAnswer {
        let end = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < end {
            if let answer = takeAnswer() { return answer }
            if isClosed, takeable == nil { break }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw NoAnswer(received: received)
    }

    private var takeable: (head: String, length: Int)? {
        let text = received
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let head = String(text[..<end.lowerBound])
        let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
        guard text.utf8.count >= head.utf8.count + 4 + (length ?? 0) else { return nil }
        return (head, length ?? 0)
    }

    private func takeAnswer() -> TestAnswer? {
        guard let (head, length) = takeable else { return nil }
        let body = inbox.state.withLock { state -> String in
            state.received.moveReaderIndex(forwardBy: head.utf8.count + 4)
            return state.received.readString(length: length) ?? ""
        }
        var lines = head.split(separator: "\r\n")
        let status = lines.removeFirst().split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var fields = HTTPFields()
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { continue }
            fields.append(HTTPField(name: name, value: parts[1].trimmingCharacters(in: .whitespaces)))
        }
        return TestAnswer(status: status, headers: fields, text: body)
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let take: (ByteBuffer) -> Void
        let close: () -> Void

        init(take: @escaping (ByteBuffer) -> Void, close: @escaping () -> Void) {
            self.take = take
            self.close = close
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { take(Self.unwrapInboundIn(data)) }

        func channelInactive(context: ChannelHandlerContext) { close() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
