import HTTPTypes
import Hummingbird

/// Refuses what can be refused by the head alone: forwarded plain HTTP in production, too long targets and bodies.
struct TransportMiddleware: Sendable {
    typealias Context = GatewayContext

    var isProduction: Bool

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if isProduction, request.headers[.forwardedProtocol]?.trimmed.lowercased() == "http" {
            throw Problem.tlsRequired
        }
        guard request.uri.string.utf8.count <= ConnectionLimits.maximumTargetBytes else { throw Problem.targetTooLong }
        try RequestBodyReader.declaredLength(request.headers)
        return try await next(request, context)
    }
}
