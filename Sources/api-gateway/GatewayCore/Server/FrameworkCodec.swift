import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Between the parser's messages and the framework's, and the place where every answer gets its ``FixedHeaders``.
///
/// In place of swift-nio-extras' codec, which takes the target of each request apart with Foundation's URL parser.
final class FrameworkCodec: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            do {
                context.fireChannelRead(Self.wrapInboundOut(.head(try Self.request(head))))
            } catch {
                context.fireErrorCaught(error)
            }
        case .body(let bytes): context.fireChannelRead(Self.wrapInboundOut(.body(bytes)))
        // Nobody reads trailers.
        case .end: context.fireChannelRead(Self.wrapInboundOut(.end(nil)))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .head(let response): context.write(Self.wrapOutboundOut(.head(Self.head(response))), promise: promise)
        case .body(let bytes): context.write(Self.wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end: context.write(Self.wrapOutboundOut(.end(nil)), promise: promise)
        }
    }

    /// Throws for a method that is no token.
    static func request(_ head: HTTPRequestHead) throws -> HTTPRequest {
        // Only a target in absolute form, as for a proxy, has parts to take apart.
        guard head.uri.utf8.first == UInt8(ascii: "/") else {
            return try HTTPRequest(head, secure: false, splitCookie: false)
        }
        return HTTPRequest(
            method: try HTTPRequest.Method(head.method), scheme: "http", authority: head.headers.first(name: "Host"),
            path: head.uri, headerFields: HTTPFields(head.headers, splitCookie: false))
    }

    static func head(_ response: HTTPResponse) -> HTTPResponseHead {
        var headers: [(String, String)] = []
        headers.reserveCapacity(response.headerFields.count + FixedHeaders.count)
        for field in response.headerFields { headers.append((field.name.rawName, field.value)) }
        FixedHeaders.append(to: &headers)
        return HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(
                statusCode: response.status.code, reasonPhrase: response.status.reasonPhrase),
            headers: HTTPHeaders(headers))
    }
}
