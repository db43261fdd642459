import DomainModel
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceSupport
import WireProtocol

/// Serves the routes of the table: who is it, may they, which worker, and its answer as it is.
struct RouteForwarder: Sendable {
    var workers: WorkerClient
    var authentication: CallerAuthentication
    var internalGuard: InternalGuard
    var userLimiter: RateLimiter
    var uploadLimiter: RateLimiter
    var bodies: RequestBodyReader
    var streams: EventStreams
    var renderer: ProblemRenderer

    func serve(_ route: Route, _ request: ClientRequest, _ context: GatewayContext) async throws -> ClientResponse {
        if case .registration = route.access { try internalGuard.check(request.headers) }
        // A body of a GET means nothing to anybody.
        guard request.method != .get, request.method != .head else {
            return try await answer(route, request, ByteBuffer(), context)
        }
        return try await bodies.withBody(of: request) { try await answer(route, request, $0, context) }
    }

    private func answer(
        _ route: Route, _ request: ClientRequest, _ body: ByteBuffer, _ context: GatewayContext
    ) async throws -> ClientResponse {
        let members = try JSONMembers.scan(body, for: CallerAuthentication.bodyNames)
        let query = QueryString(request.uri.query)
        let (user, credential) = try caller(route, request, query, members)
        let question = WorkerRequest(
            operation: route.operation, timeout: .zero, correlationID: context.correlationID,
            parameters: Self.parameters(of: route, query, context), credential: credential, body: body)
        guard route.answer == .document else {
            let place = try streams.reserve()
            let answer = try await workers.listen(question, for: user, deadline: context.deadline)
            return EventStreamReply.response(answer, in: place, to: request)
        }
        return try await limited(route, user, request, context) {
            let answer = try await workers.call(
                question, for: user, isRepeatable: route.isRepeatable, deadline: context.deadline)
            return WorkerReply.response(answer, to: request)
        }
    }

    private func caller(
        _ route: Route, _ request: ClientRequest, _ query: QueryString, _ members: JSONMembers
    ) throws(Problem) -> (UserID, APIKey?) {
        switch route.access {
        case .user:
            return (try authentication.caller(headers: request.headers, query: query, body: members), nil)
        case .registration(let source):
            guard let key = try Self.registrationKey(source, request.headers, members) else { throw .keyRequired }
            guard CredentialFormat.canBeTried(key) else { throw .invalidKeyFormat }
            return (CredentialFormat.owner(of: key), APIKey(key))
        }
    }

    private static func registrationKey(
        _ source: Route.KeySource, _ headers: HTTPFields, _ members: JSONMembers
    ) throws(Problem) -> String? {
        if source == .headerOrBody, let key = headers[.apiKey], !key.isEmpty { return key }
        return try CallerAuthentication.bodyKey(members)
    }

    /// Counts the request against the route's limiter, whose figures go on the answer whatever it is.
    private func limited(
        _ route: Route, _ user: UserID, _ request: ClientRequest, _ context: GatewayContext,
        _ answer: () async throws -> ClientResponse
    ) async throws -> ClientResponse {
        guard let limiter = limiter(of: route) else { return try await answer() }
        let decision = limiter.hit(user.hex)
        var response: ClientResponse
        do {
            try decision.check()
            response = try await answer()
        } catch {
            response = renderer.response(for: error, to: request, context)
        }
        decision.describe(in: &response.headers)
        return response
    }

    private func limiter(of route: Route) -> RateLimiter? {
        switch route.limiter {
        case .none: nil
        case .user: userLimiter
        case .upload: uploadLimiter
        }
    }

    private static func parameters(
        of route: Route, _ query: QueryString, _ context: GatewayContext
    ) -> [String: String] {
        var parameters: [String: String] = [:]
        for name in route.query { parameters[name] = query.parameters[name] }
        for name in route.pathParameters {
            parameters[name] = context.parameters.get(name).map { PercentEncoding.decode($0) }
        }
        return parameters
    }
}
