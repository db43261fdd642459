import HTTPTypes
import Hummingbird

/// Limits requests below `/api` by client address; private addresses, admin and health routes go free.
struct AddressLimitMiddleware: Sendable {
    typealias Context = GatewayContext

    var limiter: RateLimiter
    var trustsProxy: Bool
    var renderer: ProblemRenderer

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard Self.isLimited(path: request.uri.path) else { return try await next(request, context) }
        let address = ClientAddress.of(
            peer: context.peer, forwardedFor: request.headers[.forwardedFor], trustsProxy: trustsProxy)
        guard !address.isPrivate else { return try await next(request, context) }
        let decision = limiter.hit(address.key)
        var response: Response
        do {
            try decision.check()
            response = try await next(request, context)
        } catch {
            response = renderer.response(for: error, to: request, context)
        }
        // A route's own limiter has the last word.
        if response.headers[.rateLimitLimit] == nil { decision.describe(in: &response.headers) }
        return response
    }

    static func isLimited(path: String) -> Bool {
        path.hasPrefix("/api/") && !path.hasPrefix("/api/admin") && !path.hasPrefix("/api/health")
    }
}
