import HTTPTypes
package import Hummingbird
import Logging

/// Router and middleware: answers a request without a socket, so that tests can ask it directly.
package struct GatewayApplication: HTTPResponder {
    package typealias Context = GatewayContext

    /// The streams of clients that listen for events.
    package let streams: EventStreams
    private let responder: RouterResponder<GatewayContext>
    private let middleware: GatewayMiddleware
    private let fixedRoutes: FixedRoutes
    /// `GET /api/tags/:id`: every route that is served, but for the HEAD of each GET.
    let routes: [String]

    /// Throws only when the OpenAPI document that was built in is broken.
    package init(configuration: GatewayConfiguration, workers: WorkerClient, health: GatewayHealth) throws {
        try self.init(
            configuration: configuration, workers: workers, health: health,
            addressLimiter: RateLimiter(.address(limit: configuration.addressRateLimit)),
            userLimiter: RateLimiter(.user(limit: configuration.userRateLimit)))
    }

    init(
        configuration: GatewayConfiguration, workers: WorkerClient, health: GatewayHealth, addressLimiter: RateLimiter,
        userLimiter: RateLimiter
    ) throws {
        // Each holds a connection; at least half of them are left for requests.
        streams = EventStreams(limit: max(1, configuration.connections.maximumConnections / 2))
        let renderer = ProblemRenderer(isProduction: configuration.isProduction)
        let internalGuard = InternalGuard(secret: configuration.serviceSecret)
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        middleware = GatewayMiddleware(
            correlation: CorrelationMiddleware(requestTimeout: configuration.requestTimeout),
            crossOrigin: CrossOriginMiddleware(allowedOrigins: configuration.allowedOrigins),
            problems: ProblemMiddleware(renderer: renderer),
            transport: TransportMiddleware(isProduction: configuration.isProduction),
            addressLimit: AddressLimitMiddleware(
                limiter: addressLimiter, trustsProxy: configuration.trustsProxy, renderer: renderer),
            administration: AdminMiddleware(
                key: configuration.adminKey, limiter: RateLimiter(.admin(limit: configuration.adminRateLimit)),
                trustsProxy: configuration.trustsProxy, renderer: renderer))
        router.add(middleware: middleware)
        HealthRoutes(health: health).add(to: router)
        try DocumentRoutes().add(to: router)
        StatusRoutes(health: health, workers: workers, internalGuard: internalGuard).add(to: router)
        let bodies = RequestBodyReader(budget: BodyBudget())
        let administration = AdminForwarder(
            workers: workers, health: health, bodies: bodies, settings: configuration)
        for route in AdminRoutes.all {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await administration.serve(route, request, context)
            }
        }
        let forwarder = RouteForwarder(
            workers: workers, authentication: CallerAuthentication(requiresAPIKey: configuration.requiresAPIKey),
            internalGuard: internalGuard, userLimiter: userLimiter,
            uploadLimiter: RateLimiter(.upload(limit: configuration.uploadRateLimit)),
            bodies: bodies, streams: streams, renderer: renderer)
        var fixedRoutes = FixedRoutes()
        for route in RouteTable.all {
            let handler: FixedRoutes.Handler = { try await forwarder.serve(route, $0, $1) }
            router.on(RouterPath(route.path), method: route.method, use: handler)
            fixedRoutes.add(route.method, route.path, handler)
        }
        self.fixedRoutes = fixedRoutes
        routes = router.routes.filter { $0.method != .head }.map { "\($0.method.rawValue) \($0.path)" }
        responder = router.buildResponder()
    }

    package func respond(to request: Request, context: Context) async throws -> Response {
        if let route = fixedRoutes.route(of: request.head) {
            context.coreContext.endpointPath.value = route.path
            return try await middleware.handle(request, context: context, next: route.handler)
        }
        let response = try await responder.respond(to: request, context: context)
        // Unknown paths have no generated HEAD route that would drop the body.
        return request.method == .head ? response.createHeadResponse() : response
    }
}
