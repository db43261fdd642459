package import AsyncHTTPClient
package import DomainModel
import Foundation
import NIOCore
import NIOFoundationCompat
package import NIOHTTP1

/// Talks to the service as the frontend does.
package struct RESTClient: Sendable {
    package struct Answer: Sendable {
        package var status: Int
        package var headers: HTTPHeaders
        package var body: String
        /// Null when the body is no JSON.
        package var json: JSONValue
    }

    package let baseURL: String
    private let client: HTTPClient

    package init(baseURL: String, client: HTTPClient = .shared) {
        self.baseURL = baseURL
        self.client = client
    }

    /// Sends one request; throws only when there is no answer at all.
    ///
    /// - Parameter isChunked: the body is sent in chunks, without telling its length.
    package func send(
        _ method: HTTPMethod, _ path: String, key: String? = nil, json body: String? = nil,
        headers: [(String, String)] = [], isChunked: Bool = false, timeout: Duration = .seconds(30)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        // The client's decompressor takes an answer that was made 25 times smaller for an attack.
        if !headers.contains(where: { $0.0.lowercased() == "accept-encoding" }) {
            request.headers.add(name: "accept-encoding", value: "identity")
        }
        if let key { request.headers.add(name: "x-api-key", value: key) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            let bytes = ByteBuffer(string: body)
            request.body = isChunked ? .stream(Parts(bytes: bytes), length: .unknown) : .bytes(bytes)
        }
        let response = try await client.execute(request, timeout: .nanoseconds(Int64(timeout / .nanoseconds(1))))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        let text = String(buffer: bytes)
        return Answer(
            status: Int(response.status.code), headers: response.headers, body: text,
            // A body that is no JSON shows as null; callers look at the text then.
            json: (try? JSONDecoder().decode(JSONValue.self, from: bytes)) ?? .null)
    }

    /// A body in two parts, or in one when it is too short for two.
    private struct Parts: AsyncSequence, Sendable {
        var bytes: ByteBuffer

        struct AsyncIterator: AsyncIteratorProtocol {
            var rest: ByteBuffer

            mutating func next() async -> ByteBuffer? {
                guard rest.readableBytes > 0 else { return nil }
                return rest.readSlice(length: (rest.readableBytes + 1) / 2)
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes) }
    }

    /// Registers a key; the answer's status is 200 when TorBox accepted it.
    package func register(_ key: String, name: String? = nil) async throws -> Answer {
        let body = name.map { "{\"keyName\":\"\($0)\"}" } ?? "{}"
        return try await send(.POST, "/api/backend/api-key/ensure-db", key: key, json: body)
    }

    /// Replaces the rules with the JSON list.
    package func saveRules(_ rules: [String], key: String) async throws -> Answer {
        try await send(.POST, "/api/automation/rules", key: key, json: "{\"rules\":[\(rules.joined(separator: ","))]}")
    }

    package func rules(key: String) async throws -> Answer { try await send(.GET, "/api/automation/rules", key: key) }

    package func logs(rule: Int64, key: String) async throws -> Answer {
        try await send(.GET, "/api/automation/rules/\(rule)/logs?items=true", key: key)
    }
}
