import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request body whole, within the bound of the contract.
enum RequestBodyReader {
    /// The JSON body, empty when there is none or when it declares to be something else (which stock ignores).
    ///
    /// Throws ``Problem`` 413 as soon as more than the bound is declared or has come, and 400 when the client
    /// ended the connection before the end.
    static func read(_ request: ClientRequest) async throws -> ByteBuffer {
        let declared = try declaredLength(request.headers)
        var body = ByteBuffer()
        for try await var part in request.body {
            guard body.readableBytes + part.readableBytes <= ConnectionLimits.maximumBodyBytes else {
                throw Problem.bodyTooLarge
            }
            if body.readableBytes == 0 { body = part } else { body.writeBuffer(&part) }
        }
        guard declared == nil || declared == body.readableBytes else { throw Problem.malformedRequest }
        return isJSON(request.headers[.contentType]) ? body : ByteBuffer()
    }

    /// Throws ``Problem`` 413 when the header announces more than the bound.
    @discardableResult
    static func declaredLength(_ headers: HTTPFields) throws -> Int? {
        guard let text = headers[.contentLength] else { return nil }
        guard let length = Int(text), length <= ConnectionLimits.maximumBodyBytes else { throw Problem.bodyTooLarge }
        return length
    }

    private static func isJSON(_ contentType: String?) -> Bool {
        guard let contentType, !contentType.isEmpty else { return true }
        return contentType.lowercased().contains("json")
    }
}
