import AsyncHTTPClient
import DomainModel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends single requests. No repeats, no redirects, no cookies: whatever happens is told as it is.
struct HTTPTransport: Sendable {
    /// One for each event loop: a call and its connection are on the same loop. Across two, the HTTP client traps when a
    /// connection ends right after an answer that came before the end of the request's body was noted (1.37.0:
    /// `releaseConnection`, "A connection that we don't know was released").
    private let clients: [(loop: any EventLoop, client: HTTPClient)]
    private let templates: RequestTemplates
    private let userAgent: String
    private let maximumBodyBytes: Int
    private let room = AnswerRoom()
    private let time: TimeSource

    /// - Parameter group: Where connections live. A call from one of its event loops uses the connections of that loop.
    init(_ configuration: TorBoxClientConfiguration, on group: any EventLoopGroup, time: TimeSource) {
        let loops = Array(group.makeIterator())
        var settings = HTTPClient.Configuration()
        settings.httpVersion = .http1Only
        settings.redirectConfiguration = .disallow
        settings.timeout.connect = .init(configuration.connectTimeout)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.connectionsPerHost
        // Otherwise a refused connection is tried again until the connect time-out.
        settings.connectionPool.retryConnectionEstablishment = false
        // Without one set, a span of the tracer that does nothing would be begun and described for each call.
        settings.tracing.tracer = nil
        clients = loops.map { [settings] in ($0, HTTPClient(eventLoopGroup: $0, configuration: settings)) }
        let base = String(configuration.baseURL.reversed().drop { $0 == "/" }.reversed())
        templates = RequestTemplates(base: base + "/" + configuration.apiVersion)
        userAgent = configuration.userAgent
        maximumBodyBytes = configuration.maximumBodyBytes
        self.time = time
    }

    func shutdown() async throws {
        for (_, client) in clients { try await client.shutdown() }
    }

    /// The one of the caller's event loop, or any.
    private var client: HTTPClient {
        let current = MultiThreadedEventLoopGroup.currentEventLoop
        let own = current.flatMap { current in clients.first { $0.loop === current } }
        return own?.client ?? clients[Int.random(in: clients.indices)].client
    }

    /// Sends `request` and reads the whole answer, both within `limit`.
    func send(
        _ request: TorBoxRequest, key: APIKey, within limit: Duration
    ) async -> Result<HTTPAnswer, TransportFailure> {
        let body = request.body.map(TrackedBody.init)
        do {
            let prepared = try prepare(request, key: key, body: body)
            return .success(try await exchange(prepared, within: limit))
        } catch {
            // A request without a body is a read: whether it arrived makes no difference.
            return .failure(failure(for: error, mayHaveArrived: body?.wasAskedFor ?? true, limit: limit))
        }
    }

    private func prepare(_ request: TorBoxRequest, key: APIKey, body: TrackedBody?) throws -> HTTPClient.Request {
        var prepared = try templates.request(request.method, request.target)
        prepared.headers.add(name: "authorization", value: "Bearer \(key.revealed)")
        prepared.headers.add(name: "user-agent", value: userAgent)
        prepared.headers.add(name: "accept", value: "application/json")
        if let body {
            prepared.headers.add(name: "content-type", value: request.contentType)
            prepared.body = body.stream
        }
        return prepared
    }

    /// Returns only after the request has ended, so that what is known of its body then can be relied upon.
    private func exchange(_ request: HTTPClient.Request, within limit: Duration) async throws -> HTTPAnswer {
        // On the caller's event loop when it has one: nothing has to change threads then.
        let task = client.execute(
            request: request, delegate: AnswerCollector(maximumBodyBytes: maximumBodyBytes, room: room),
            eventLoop: .indifferent)
        let alarm = time.alarm(limit) { task.fail(reason: TimeLimitExceeded()) }
        defer { alarm.cancel() }
        return try await withTaskCancellationHandler {
            try await task.get()
        } onCancel: {
            task.cancel()
        }
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

/// Thrown when an answer is not whole within its limit. Never a `CancellationError`, which means that the caller gave up.
struct TimeLimitExceeded: Error {}
