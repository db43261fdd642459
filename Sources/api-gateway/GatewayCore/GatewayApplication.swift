import HTTPTypes
package import Hummingbird
import Logging

/// Router and middleware: answers a request without a socket, so that tests can ask it directly.
package struct GatewayApplication: HTTPResponder {
    package typealias Context = GatewayContext

    /// The streams of clients that listen for events.
    package let streams: EventStreams
    private let responder: RouterResponder<GatewayContext>

    package init(configuration: GatewayConfiguration, workers: WorkerClient, health: GatewayHealth) {
        self.init(
            configuration: configuration, workers: workers, health: health,
            addressLimiter: RateLimiter(.address(limit: configuration.addressRateLimit)),
            userLimiter: RateLimiter(.user(limit: configuration.userRateLimit)))
    }

    init(
        configuration: GatewayConfiguration, workers: WorkerClient, health: GatewayHealth, addressLimiter: RateLimiter,
        userLimiter: RateLimiter
    ) {
        // Each holds a connection; at least half of them are left for requests.
        streams = EventStreams(limit: max(1, configuration.connections.maximumConnections / 2))
        let renderer = ProblemRenderer(isProduction: configuration.isProduction)
        let internalGuard = InternalGuard(secret: configuration.serviceSecret)
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: CorrelationMiddleware(requestTimeout: configuration.requestTimeout))
        router.add(middleware: SecurityHeaders())
        router.add(middleware: CrossOriginMiddleware(allowedOrigins: configuration.allowedOrigins))
        router.add(middleware: ProblemMiddleware(renderer: renderer))
        router.add(middleware: TransportMiddleware(isProduction: configuration.isProduction))
        router.add(
            middleware: AddressLimitMiddleware(
                limiter: addressLimiter, trustsProxy: configuration.trustsProxy, renderer: renderer))
        HealthRoutes(health: health).add(to: router)
        StatusRoutes(health: health, workers: workers, internalGuard: internalGuard).add(to: router)
        let forwarder = RouteForwarder(
            workers: workers, authentication: CallerAuthentication(requiresAPIKey: configuration.requiresAPIKey),
            internalGuard: internalGuard, userLimiter: userLimiter,
            uploadLimiter: RateLimiter(.upload(limit: configuration.uploadRateLimit)),
            bodies: RequestBodyReader(budget: BodyBudget()), streams: streams, renderer: renderer)
        for route in RouteTable.all {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await forwarder.serve(route, request, context)
            }
        }
        responder = router.buildResponder()
    }

    package func respond(to request: Request, context: Context) async throws -> Response {
        let response = try await responder.respond(to: request, context: context)
        // Unknown paths have no generated HEAD route that would drop the body.
        return request.method == .head ? response.createHeadResponse() : response
    }
}
