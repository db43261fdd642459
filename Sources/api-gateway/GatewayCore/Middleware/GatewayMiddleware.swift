import Hummingbird

/// What every request passes, from the outside in. The router knows all of it as one, and it calls each by its type: a router's
/// list of them cost a box, a change of executors and copies of request and context for each, a tenth of a request in all.
struct GatewayMiddleware: RouterMiddleware {
    typealias Context = GatewayContext

    var metrics = MetricsMiddleware()
    var correlation: CorrelationMiddleware
    var crossOrigin: CrossOriginMiddleware
    var problems: ProblemMiddleware
    var transport: TransportMiddleware
    var addressLimit: AddressLimitMiddleware
    var administration: AdminMiddleware

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        try await metrics.handle(request, context: context) {
            try await correlation.handle($0, context: $1) {
                try await crossOrigin.handle($0, context: $1) {
                    try await problems.handle($0, context: $1) {
                        try await transport.handle($0, context: $1) {
                            try await addressLimit.handle($0, context: $1) {
                                try await administration.handle($0, context: $1, next: next)
                            }
                        }
                    }
                }
            }
        }
    }
}
