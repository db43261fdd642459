import Hummingbird
import NIOCore
import Observability

/// What is served on the metrics address: `GET /metrics`, and nothing that a user could want.
struct MetricsApplication: HTTPResponder {
    typealias Context = GatewayContext

    private let responder: RouterResponder<GatewayContext>

    init(gathering: MetricsGathering) {
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: .init(byteBuffer: ByteBuffer(string: await gathering.text())))
        }
        responder = router.buildResponder()
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        do {
            return try await responder.respond(to: request, context: context)
        } catch let error as HTTPError {
            return try error.response(from: request, context: context)
        }
    }
}
