import HTTPTypes
import Hummingbird

/// Guards everything below `/api/admin`: first the limiter by address, then the administrator's key. Without a key in the
/// configuration nobody comes in. Source: REST contract, section 2.9.
struct AdminMiddleware: RouterMiddleware {
    typealias Context = GatewayContext

    var key: AdminKey?
    var limiter: RateLimiter
    var trustsProxy: Bool
    var renderer: ProblemRenderer

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard Self.isGuarded(path: request.uri.path) else { return try await next(request, context) }
        let address = ClientAddress.of(
            peer: context.peer, forwardedFor: request.headers[.forwardedFor], trustsProxy: trustsProxy)
        let decision = limiter.hit(address.key)
        var response: Response
        do {
            try decision.check()
            try check(request.headers)
            response = try await next(request, context)
        } catch {
            response = renderer.response(for: error, to: request, context)
        }
        decision.describe(in: &response.headers)
        return response
    }

    private func check(_ headers: HTTPFields) throws(Problem) {
        guard let key else { throw .adminNotConfigured }
        guard let candidate = headers[.adminKey], !candidate.isEmpty else { throw .adminKeyRequired }
        guard key.matches(candidate) else { throw .invalidAdminKey }
    }

    static func isGuarded(path: String) -> Bool {
        // Routes are found without regard to a slash at the end or to doubled ones.
        let parts = path.split(separator: "/")
        return parts.count >= 2 && parts[0] == "api" && parts[1] == "admin"
    }
}
