import HTTPTypes
import NIOHTTP1

@testable import GatewayCore

/// Which route of the gateway's table a request goes to.
enum RouteMatcher {
    /// Segments that are written out win over parameters. Nil for routes that no worker serves alone.
    static func route(_ method: NIOHTTP1.HTTPMethod, _ path: String) -> Route? {
        let segments = path.prefix { $0 != "?" }.split(separator: "/")
        return RouteTable.all.filter { $0.method.rawValue == method.rawValue && fits($0, segments) }
            .min { $0.pathParameters.count < $1.pathParameters.count }
    }

    private static func fits(_ route: Route, _ segments: [Substring]) -> Bool {
        let pattern = route.path.split(separator: "/")
        guard pattern.count == segments.count else { return false }
        return zip(pattern, segments).allSatisfy { $0.first == ":" || $0 == $1 }
    }
}
