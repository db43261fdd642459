import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the routes of administrators.
struct AdminForwarder: Sendable {
    var workers: WorkerClient
    var health: GatewayHealth
    var bodies: RequestBodyReader
    var settings: GatewayConfiguration

    func serve(_ route: AdminRoute, _ request: ClientRequest, _ context: GatewayContext) async throws -> ClientResponse
    {
        guard request.method != .get, request.method != .head else {
            return try await route.serve(call(request, context, ByteBuffer()))
        }
        return try await bodies.withBody(of: request) { body in
            // Broken JSON must not reach several workers.
            _ = try JSONMembers.scan(body, for: [])
            return try await route.serve(call(request, context, body))
        }
    }

    private func call(_ request: ClientRequest, _ context: GatewayContext, _ body: ByteBuffer) -> AdminCall {
        AdminCall(
            request: request, context: context, body: body, workers: workers, health: health, settings: settings)
    }
}
