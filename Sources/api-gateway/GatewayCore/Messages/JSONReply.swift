import EntityTags
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers with a JSON document, tagged so that a client that has it already need not get it again, and compressed for
/// who takes that.
enum JSONReply {
    static let contentType = "application/json; charset=utf-8"

    /// `GET` and `HEAD` with status 200 carry a weak `ETag`, and turn into 304 when the client has that one.
    ///
    /// - Parameter tag: the body's, when it is known already.
    static func make(
        _ body: ByteBuffer, status: Int = 200, contentType: String = contentType, tag: String? = nil,
        to request: ClientRequest
    ) -> ClientResponse {
        var headers: HTTPFields = [.contentType: contentType]
        if status == 200, request.method == .get || request.method == .head {
            // Weak: it stands for the compressed form as well.
            let tag = "W/\"\(tag ?? EntityTag.of(body))\""
            headers.append(HTTPField(name: .eTag, value: tag))
            if request.headers[.ifNoneMatch].map({ Self.list($0, contains: tag) }) ?? false {
                headers[.contentType] = nil
                var response = ClientResponse(status: .notModified, headers: headers)
                response.headers[.contentLength] = nil
                return response
            }
        }
        let (sent, coding) = coded(body, for: request)
        for field in coding { headers.append(field) }
        return ClientResponse(status: .init(code: status), headers: headers, body: ResponseBody(byteBuffer: sent))
    }

    /// The body as it is sent, and what the headers say of it.
    private static func coded(_ body: ByteBuffer, for request: ClientRequest) -> (ByteBuffer, [HTTPField]) {
        guard ContentCoding.suits(body), request.method != .head else { return (body, []) }
        let vary = HTTPField(name: .vary, value: "Accept-Encoding")
        guard let accepted = request.headers[.acceptEncoding], ContentCoding.takesGzip(accepted),
            let smaller = ContentCoding.gzip(body)
        else { return (body, [vary]) }
        return (smaller, [vary, HTTPField(name: .contentEncoding, value: "gzip")])
    }

    private static func list(_ text: String, contains tag: String) -> Bool {
        let strong = tag.dropFirst(2)
        return text.split(separator: ",").contains { candidate in
            let candidate = String(candidate).trimmed
            return candidate == "*" || candidate == tag || candidate == strong
        }
    }
}
