import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A request as it arrived at the ``ScriptedServer``.
struct ReceivedRequest: Sendable, Equatable {
    var method: String
    /// Path and query, verbatim.
    var target: String
    var headers: HTTPHeaders
    var body: String

    var path: String { String(target.prefix { $0 != "?" }) }

    /// The value of one query parameter.
    func query(_ name: String) -> String? {
        for pair in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == name { return String(parts[1]) }
        }
        return nil
    }
}

/// What the ``ScriptedServer`` does about a request.
enum ScriptedAnswer: Sendable {
    case reply(Int, String, headers: [(String, String)] = [])
    /// As 200, in pieces and without saying how long it will be.
    case chunked(String)
    /// Reads the request and says nothing.
    case hang
    /// Closes the connection without an answer.
    case close
    /// Promises more body than it sends, then says nothing.
    case stall
}

/// A small HTTP server that answers by a script and keeps what it was asked, on a free port of the loopback.
final class ScriptedServer: Sendable {
    typealias Script = @Sendable (ReceivedRequest) -> ScriptedAnswer

    private let channel: any Channel
    private let received: Received

    private init(channel: any Channel, received: Received) {
        self.channel = channel
        self.received = received
    }

    private final class Received: Sendable {
        let requests = Mutex<[ReceivedRequest]>([])
    }

    static func start(_ script: @escaping Script) async throws -> ScriptedServer {
        let received = Received()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptHandler { request in
                            received.requests.withLock { $0.append(request) }
                            return script(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedServer(channel: channel, received: received)
    }

    var baseURL: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    var requests: [ReceivedRequest] { received.requests.withLock { $0 } }

    func stop() async throws { try await channel.close().get() }
}

/// Puts one request together and does what the script says.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let script: (ReceivedRequest) -> ScriptedAnswer
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(_ script: @escaping (ReceivedRequest) -> ScriptedAnswer) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end: answer(context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let request = ReceivedRequest(
            method: head.method.rawValue, target: head.uri, headers: head.headers, body: String(buffer: body))
        switch script(request) {
        case .hang: break
        case .close: context.close(promise: nil)
        case .stall: write(context, status: 200, body: "{\"success\":", length: 100, headers: [], finish: false)
        case .chunked(let text): write(context, status: 200, body: text, length: nil, headers: [], finish: true)
        case .reply(let status, let text, let headers):
            write(context, status: status, body: text, length: text.utf8.count, headers: headers, finish: true)
        }
    }

    private func write(
        _ context: ChannelHandlerContext, status: Int, body: String, length: Int?, headers: [(String, String)],
        finish: Bool
    ) {
        let fields = HTTPHeaders((length.map { [("content-length", "\($0)")] } ?? []) + headers)
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        var rest = ByteBuffer(string: body)
        while let piece = rest.readSlice(length: min(rest.readableBytes, 100_000)), piece.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
        }
        if finish { context.write(wrapOutboundOut(.end(nil)), promise: nil) }
        context.flush()
    }
}
