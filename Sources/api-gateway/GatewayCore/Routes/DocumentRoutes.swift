import Hummingbird
import NIOCore

/// `/openapi.json`: every route, with examples and the errors that it can answer.
struct DocumentRoutes: Sendable {
    private let document: ByteBuffer

    /// The document is put together once, at start.
    init() throws { document = JSONText.buffer(try OpenAPIDocument.make()) }

    func add(to router: Router<GatewayContext>) {
        router.get("openapi.json") { request, _ in JSONReply.make(document, to: request) }
    }
}
