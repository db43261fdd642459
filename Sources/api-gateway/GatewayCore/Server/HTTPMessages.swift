import HTTPTypes
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// The messages of NIO's parser as the framework's, and the framework's as those of NIO's encoder. Pure.
///
/// In place of swift-nio-extras' codec, which takes the target of each request apart with Foundation's URL parser.
enum HTTPMessages {
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

    /// The answer's head with the ``FixedHeaders`` in it.
    ///
    /// The encoder sees by themselves only the headers that it has to know, and all others as further lines of `Server`: it
    /// writes each header in four pieces, which for twenty-five was a fifth of what the gateway did for an answer. Values of
    /// `HTTPField` never have line breaks, so nothing but what is said here begins a line.
    static func head(_ response: HTTPResponse) -> HTTPResponseHead {
        var framing: [(String, String)] = []
        var lines = FixedHeaders.valueOfServer
        for field in response.headerFields {
            if field.name == .contentLength || field.name == .transferEncoding {
                framing.append((field.name.rawName, field.value))
            } else {
                lines.add("\r\n")
                lines.add(field.name.rawName)
                lines.add(": ")
                lines.add(field.value)
            }
        }
        return HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: response.status.code, reasonPhrase: response.status.reasonPhrase),
            headers: HTTPHeaders(framing + CollectionOfOne(("Server", lines.text))))
    }
}
