import Hummingbird

/// Turns every error into its JSON answer, so that nothing outside ever sees one.
struct ProblemMiddleware: Sendable {
    typealias Context = GatewayContext

    var renderer: ProblemRenderer

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return renderer.response(for: error, to: request, context)
        }
    }
}
