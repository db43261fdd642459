import Logging
import NIOCore
import NIOPosix
import WireProtocol

/// Both sides of the wire, set up for one test.
enum Wire {
    static let group = MultiThreadedEventLoopGroup.singleton
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func request(_ operation: String, timeout: Duration = .seconds(60), body: String = "") -> Request {
        Request(operation: operation, timeout: timeout, body: ByteBuffer(string: body))
    }

    static func serve(_ place: SocketPlace, _ handler: @escaping WireServer.Handler) async throws -> WireServer {
        try await WireServer.listen(
            at: place.path, on: MultiThreadedEventLoopGroup.singleton, logger: quiet, handler: handler)
    }

    static func connect(_ place: SocketPlace) async throws -> WireConnection {
        try await WireConnection.connect(
            to: place.path, on: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(20))
    }

    /// A server with that handler and a connection to it, for the length of `body`.
    static func pair(
        _ handler: @escaping WireServer.Handler, _ body: (WireServer, WireConnection, SocketPlace) async throws -> Void
    ) async throws {
        try await SocketPlace.with { place in
            let server = try await serve(place, handler)
            let connection = try await connect(place)
            try await body(server, connection, place)
            await connection.close()
            await server.drain()
        }
    }
}

extension Response {
    /// The body of an answer that is not a stream.
    var text: String? {
        guard case .bytes(let body) = body else { return nil }
        return String(buffer: body)
    }

    var parts: AsyncThrowingStream<ByteBuffer, any Error>? {
        guard case .stream(let parts) = body else { return nil }
        return parts
    }

    static func text(_ text: String) -> Response { Response(status: 200, body: .bytes(ByteBuffer(string: text))) }
}
