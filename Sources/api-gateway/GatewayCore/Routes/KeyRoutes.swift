import HTTPTypes
import WireProtocol

/// Keys that become known to us. Source: REST contract, sections 1.3 and 1.5.
enum KeyRoutes {
    static let all = [
        Route(
            .post, "/api/backend/api-key", Operation.registerKey, access: .registration(key: .body), limiter: .none,
            isRepeatable: true),
        Route(
            .post, "/api/backend/api-key/ensure-db", Operation.ensureUser, access: .registration(key: .headerOrBody),
            limiter: .none, isRepeatable: true),
    ]
}
