import DomainModel
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceSupport
import WireProtocol

/// One route of administrators, as a line of a table. Who asks has been checked when it is served.
struct AdminRoute: Sendable {
    var method: HTTPRequest.Method
    /// With `:name` for path parameters.
    var path: String
    var serve: @concurrent @Sendable (AdminCall) async throws -> ClientResponse

    init(
        _ method: HTTPRequest.Method, _ path: String,
        _ serve: @escaping @concurrent @Sendable (AdminCall) async throws -> ClientResponse
    ) {
        self.method = method
        self.path = "/api/admin" + path
        self.serve = serve
    }

    /// A route about the user that `:authId` names, answered by the user's worker as it is.
    static func owner(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, query: [String] = [],
        isRepeatable: Bool? = nil
    ) -> AdminRoute {
        AdminRoute(method, path) { call in
            let answer = try await call.askOwner(
                operation, query: query, isRepeatable: isRepeatable ?? (method == .get))
            return WorkerReply.response(answer, to: call.request)
        }
    }

    /// A route that all workers answer together: `combine` makes one answer of their shares.
    static func gathered(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, query: [String] = [],
        _ combine: @escaping @Sendable ([JSONValue]) -> [String: JSONValue]
    ) -> AdminRoute {
        AdminRoute(method, path) { call in call.reply(combine(try await call.gather(operation, query: query))) }
    }
}
