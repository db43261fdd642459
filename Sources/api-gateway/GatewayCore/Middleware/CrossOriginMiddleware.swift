import HTTPTypes
import Hummingbird

/// CORS as stock has it: known origins are echoed, every `OPTIONS` is a preflight. Source: REST contract, 0.5.
struct CrossOriginMiddleware: Sendable {
    typealias Context = GatewayContext

    var allowedOrigins: [String]

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = request.method == .options ? preflight(request) : try await next(request, context)
        if let origin = request.headers[.origin], allowedOrigins.contains(origin) {
            response.headers[.accessControlAllowOrigin] = origin
        }
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        response.headers[.accessControlAllowCredentials] = "true"
        return response
    }

    private func preflight(_ request: Request) -> Response {
        var response = Response(status: .noContent)
        response.headers[.contentLength] = nil
        response.headers[.accessControlAllowMethods] = "GET,HEAD,PUT,PATCH,POST,DELETE"
        if let names = request.headers[.accessControlRequestHeaders] {
            response.headers[.accessControlAllowHeaders] = names
            response.headers.append(HTTPField(name: .vary, value: "Access-Control-Request-Headers"))
        }
        return response
    }
}
