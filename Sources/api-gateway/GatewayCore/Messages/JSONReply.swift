import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat

/// Answers with a JSON document, tagged so that a client that has it already need not get it again, and compressed for
/// who takes that.
enum JSONReply {
    static let contentType = "application/json; charset=utf-8"

    /// `GET` and `HEAD` with status 200 carry a weak `ETag`, and turn into 304 when the client has that one.
    static func make(
        _ body: ByteBuffer, status: Int = 200, contentType: String = contentType, to request: Request
    ) -> Response {
        var headers: HTTPFields = [.contentType: contentType]
        if status == 200, request.method == .get || request.method == .head {
            let tag = entityTag(of: body)
            headers[.eTag] = tag
            if request.headers[.ifNoneMatch].map({ Self.list($0, contains: tag) }) ?? false {
                headers[.contentType] = nil
                var response = Response(status: .notModified, headers: headers)
                response.headers[.contentLength] = nil
                return response
            }
        }
        let (sent, coding) = coded(body, for: request)
        for field in coding { headers.append(field) }
        return Response(status: .init(code: status), headers: headers, body: ResponseBody(byteBuffer: sent))
    }

    /// The body as it is sent, and what the headers say of it. The tag is a weak one: it stands for both forms.
    private static func coded(_ body: ByteBuffer, for request: Request) -> (ByteBuffer, [HTTPField]) {
        guard ContentCoding.suits(body), request.method != .head else { return (body, []) }
        let vary = HTTPField(name: .vary, value: "Accept-Encoding")
        guard let accepted = request.headers[.acceptEncoding], ContentCoding.takesGzip(accepted),
            let smaller = ContentCoding.gzip(body)
        else { return (body, [vary]) }
        return (smaller, [vary, HTTPField(name: .contentEncoding, value: "gzip")])
    }

    /// `W/"<length in hex>-<SHA-1 in Base64>"`, the form that stock's framework gives.
    static func entityTag(of body: ByteBuffer) -> String {
        let digest = body.withUnsafeReadableBytes { Insecure.SHA1.hash(data: $0) }
        let text = Data(digest).base64EncodedString().prefix(27)
        return "W/\"\(String(body.readableBytes, radix: 16))-\(text)\""
    }

    private static func list(_ text: String, contains tag: String) -> Bool {
        let strong = tag.dropFirst(2)
        return text.split(separator: ",").contains { candidate in
            let candidate = String(candidate).trimmed
            return candidate == "*" || candidate == tag || candidate == strong
        }
    }
}
