import HTTPTypes
import Hummingbird
import Observability

/// Counts requests by the route's pattern, never by the path that a client sent: those are without number.
struct MetricsMiddleware: Sendable {
    typealias Context = GatewayContext

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        do {
            let response = try await next(request, context)
            count(request, context, response.status.code, since: started)
            return response
        } catch {
            // Nobody is left to be answered: the client went away, or we are shutting down.
            count(request, context, 499, since: started)
            throw error
        }
    }

    private func count(
        _ request: Request, _ context: Context, _ status: Int, since started: ContinuousClock.Instant
    ) {
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        let route = context.endpointPath ?? "unmatched"
        MetricNames.httpRequests.count(method, route, String(status))
        MetricNames.httpDuration.record(started.duration(to: .now), route)
    }
}
