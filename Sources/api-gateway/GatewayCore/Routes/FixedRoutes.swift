import HTTPTypes
import Hummingbird

/// Routes without parameters, found by their whole path. The router takes each path apart and looks for one part after the
/// other, which with its own way to the handler is a fifteenth of a request. Whatever is not found here is the router's to
/// find, so nothing but the time depends on this.
struct FixedRoutes: Sendable {
    typealias Handler = @concurrent @Sendable (Request, GatewayContext) async throws -> Response

    private struct Key: Hashable {
        let method: HTTPRequest.Method
        let path: Substring
    }

    private var routes: [Key: (path: String, handler: Handler)] = [:]

    /// Passes over a path with parameters.
    mutating func add(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        guard !path.contains(":") else { return }
        routes[Key(method: method, path: path[...])] = (path, handler)
    }

    /// The route that the request's path, up to its query, is word for word.
    func route(of request: HTTPRequest) -> (path: String, handler: Handler)? {
        guard let target = request.path else { return nil }
        let path = target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[..<$0] } ?? target[...]
        return routes[Key(method: request.method, path: path)]
    }
}
