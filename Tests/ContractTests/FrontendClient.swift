import DomainModel
import NIOHTTP1
import ServiceHarness
import Testing

/// Speaks to the service as the frontend's server side does, in both of its styles. Source: REST contract, section 0.1.
struct FrontendClient: Sendable {
    let rest: RESTClient
    let key: String

    /// Style R: a raw client that sends bodies in chunks, waits five seconds, and takes nothing but 200 for success.
    @discardableResult
    func raw(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, timeout: Duration = .seconds(5),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        // GET and DELETE declare JSON too, without a body.
        let headers = body == nil ? [("content-type", "application/json")] : []
        let answer = try await rest.send(
            method, path, key: key, json: body, headers: headers, isChunked: true, timeout: timeout)
        #expect(answer.status == 200, "\(method) \(path): \(answer.body)", sourceLocation: sourceLocation)
        #expect(answer.json.objectValue != nil, "\(method) \(path): \(answer.body)", sourceLocation: sourceLocation)
        return answer.json
    }

    /// Style F: any 2xx is success.
    @discardableResult
    func fetch(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let answer = try await rest.send(method, path, key: key, json: body)
        #expect(
            (200..<300).contains(answer.status), "\(method) \(path): \(answer.body)", sourceLocation: sourceLocation)
        return answer.json
    }

    /// The same without a judgement, for what is expected to be refused.
    func tryFetch(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> RESTClient.Answer {
        try await rest.send(method, path, key: key, json: body)
    }
}
