import HTTPTypes
import Hummingbird
import Logging
import Observability
import ServiceSupport

/// Gives each request its id and its deadline, and each answer the id.
struct CorrelationMiddleware: Sendable {
    typealias Context = GatewayContext

    var requestTimeout: Duration

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.correlationID = CorrelationID.make()
        context.deadline = .after(requestTimeout)
        let started = ContinuousClock.now
        var response = try await next(request, context)
        response.headers.append(HTTPField(name: .correlationID, value: context.correlationID))
        guard context.logger.logLevel <= .debug else { return response }
        context.requestLogger.debug(
            "request answered",
            metadata: [
                LogKey.operation: "\(request.method.rawValue) \(context.endpointPath ?? "-")",
                LogKey.status: "\(response.status.code)",
                LogKey.durationMilliseconds: "\(started.duration(to: .now) / .milliseconds(1))",
            ])
        return response
    }
}
