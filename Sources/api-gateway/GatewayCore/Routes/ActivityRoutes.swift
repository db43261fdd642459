import HTTPTypes
import WireProtocol

/// The sign of life that a visible page gives. Source: REST contract, section 2.8.
enum ActivityRoutes {
    static let all = [Route(.post, "/api/activity", Operation.touch, isRepeatable: true)]
}
