import HTTPTypes
import Hummingbird
import NIOCore

/// Reads request bodies whole, within the bound of the contract and of our memory.
struct RequestBodyReader: Sendable {
    var budget: BodyBudget

    /// Hands the JSON body to `use`: empty when there is none or when it declares to be something else (which stock
    /// ignores).
    ///
    /// Throws ``Problem`` 413 when more than the bound comes (after the rest was read and thrown away, or at once when
    /// the rest is out of all proportion), 503 when too many bodies are
    /// in memory already, and 400 when the client ended the connection before the end.
    func withBody<Result>(
        of request: ClientRequest, _ use: (ByteBuffer) async throws -> Result
    ) async throws -> Result {
        var taken = 0
        defer { budget.giveBack(taken) }
        let body = try await read(request, &taken)
        return try await use(body)
    }

    private func read(_ request: ClientRequest, _ taken: inout Int) async throws -> ByteBuffer {
        let declared = try Self.declaredLength(request.headers)
        var body = ByteBuffer()
        var arrived = 0
        for try await var part in request.body {
            arrived += part.readableBytes
            guard arrived <= ConnectionLimits.maximumBodyBytes else {
                // Read on and throw away, so that a client in the middle of sending lives to read the answer.
                guard arrived <= ConnectionLimits.maximumDiscardedBytes else { throw Problem.bodyTooLarge }
                body = ByteBuffer()
                continue
            }
            let length = arrived
            if length > BodyBudget.freeBytes, length > taken {
                try budget.take(length - taken)
                taken = length
            }
            if body.readableBytes == 0 { body = part } else { body.writeBuffer(&part) }
        }
        guard arrived <= ConnectionLimits.maximumBodyBytes else { throw Problem.bodyTooLarge }
        guard declared == nil || declared == body.readableBytes else { throw Problem.malformedRequest }
        return Self.isJSON(request.headers[.contentType]) ? body : ByteBuffer()
    }

    /// Throws ``Problem`` 413 when the header announces more than is even thrown away.
    @discardableResult
    static func declaredLength(_ headers: HTTPFields) throws -> Int? {
        guard let text = headers[.contentLength] else { return nil }
        guard let length = Int(text), length <= ConnectionLimits.maximumDiscardedBytes else {
            throw Problem.bodyTooLarge
        }
        return length
    }

    private static func isJSON(_ contentType: String?) -> Bool {
        guard let contentType, !contentType.isEmpty else { return true }
        return contentType.lowercased().contains("json")
    }
}
