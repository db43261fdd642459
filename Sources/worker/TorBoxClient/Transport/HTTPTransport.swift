import AsyncHTTPClient
import DomainModel
import NIOCore
import NIOHTTP1

/// Sends single requests. No repeats, no redirects, no cookies: whatever happens is told as it is.
struct HTTPTransport: Sendable {
    private let client: HTTPClient
    private let base: String
    private let userAgent: String
    private let maximumBodyBytes: Int
    private let time: TimeSource

    init(_ configuration: TorBoxClientConfiguration, time: TimeSource) {
        var settings = HTTPClient.Configuration()
        settings.httpVersion = .http1Only
        settings.redirectConfiguration = .disallow
        settings.timeout.connect = .init(configuration.connectTimeout)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.connectionsPerHost
        // Otherwise a refused connection is tried again until the connect time-out.
        settings.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        base = String(configuration.baseURL.reversed().drop { $0 == "/" }.reversed()) + "/" + configuration.apiVersion
        userAgent = configuration.userAgent
        maximumBodyBytes = configuration.maximumBodyBytes
        self.time = time
    }

    func shutdown() async throws { try await client.shutdown() }

    /// Sends `request` and reads the whole answer, both within `limit`.
    func send(
        _ request: TorBoxRequest, key: APIKey, within limit: Duration
    ) async -> Result<HTTPAnswer, TransportFailure> {
        let body = request.body.map(TrackedBody.init)
        let prepared = prepare(request, key: key, body: body)
        do {
            return .success(try await withTimeLimit(limit, time: time) { try await self.exchange(prepared) })
        } catch {
            // A request without a body is a read: whether it arrived makes no difference.
            return .failure(failure(for: error, mayHaveArrived: body?.wasAskedFor ?? true, limit: limit))
        }
    }

    private func prepare(_ request: TorBoxRequest, key: APIKey, body: TrackedBody?) -> HTTPClientRequest {
        var prepared = HTTPClientRequest(url: base + request.target)
        prepared.method = request.method
        prepared.headers.add(name: "authorization", value: "Bearer \(key.revealed)")
        prepared.headers.add(name: "user-agent", value: userAgent)
        prepared.headers.add(name: "accept", value: "application/json")
        if let body {
            prepared.headers.add(name: "content-type", value: request.contentType)
            prepared.body = .stream(body, length: .known(Int64(body.count)))
        }
        return prepared
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> HTTPAnswer {
        let response = try await client.execute(request, deadline: .distantFuture)
        let body = try await wholeBody(of: response)
        return HTTPAnswer(status: Int(response.status.code), headers: response.headers, body: body)
    }

    /// In a buffer that has room for all that is announced from the start: lists are megabytes, and growing towards that
    /// copies all of it again and again.
    private func wholeBody(of response: HTTPClientResponse) async throws -> ByteBuffer {
        let announced = max(0, response.headers.first(name: "content-length").flatMap { Int($0) } ?? 0)
        guard announced <= maximumBodyBytes else { throw NIOTooManyBytesError(maxBytes: maximumBodyBytes) }
        var body = ByteBuffer()
        for try await part in response.body {
            guard body.readableBytes + part.readableBytes <= maximumBodyBytes else {
                throw NIOTooManyBytesError(maxBytes: maximumBodyBytes)
            }
            if body.readableBytes == 0 {
                // Most answers are one part.
                if part.readableBytes >= announced {
                    body = part
                    continue
                }
                body.reserveCapacity(announced)
            }
            body.writeImmutableBuffer(part)
        }
        return body
    }

    private func failure(for error: any Error, mayHaveArrived: Bool, limit: Duration) -> TransportFailure {
        if error is TimeLimitExceeded {
            return TransportFailure(
                kind: .timeout, mayHaveArrived: mayHaveArrived, reason: "no whole answer within \(limit)")
        }
        if error is CancellationError || error as? HTTPClientError == .cancelled {
            return TransportFailure(kind: .cancelled, mayHaveArrived: mayHaveArrived, reason: "cancelled")
        }
        if error is NIOTooManyBytesError {
            return TransportFailure(
                kind: .answerTooLarge, mayHaveArrived: mayHaveArrived,
                reason: "the answer is larger than \(maximumBodyBytes) bytes")
        }
        // What the HTTP client and the system say holds host and port at most.
        return TransportFailure(kind: .connection, mayHaveArrived: mayHaveArrived, reason: "\(error)")
    }
}
