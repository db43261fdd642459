import HTTPTypes
import Hummingbird

/// Guards everything below `/api/admin`: first the limiter by address, then the administrator's key. Without a key in the
/// configuration nobody comes in. Source: REST contract, section 2.9.
struct AdminMiddleware: Sendable {
    typealias Context = GatewayContext

    var key: AdminKey?
    var limiter: RateLimiter
    var trustsProxy: Bool
    var renderer: ProblemRenderer

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
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
        var rest = path.utf8[...]
        return take("api", of: &rest) && take("admin", of: &rest)
    }

    /// Takes the part with which the path begins. Routes are found without regard to a slash at the end or to doubled ones.
    private static func take(_ part: StaticString, of path: inout Substring.UTF8View) -> Bool {
        let isSlash = { (byte: UInt8) in byte == UInt8(ascii: "/") }
        path = path.drop(while: isSlash)
        let bytes = UnsafeBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount)
        guard path.starts(with: bytes) else { return false }
        path = path.dropFirst(bytes.count)
        return path.first.map(isSlash) ?? true
    }
}
