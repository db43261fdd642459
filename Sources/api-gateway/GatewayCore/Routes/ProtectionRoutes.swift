import HTTPTypes
import WireProtocol

/// Protected downloads. Source: REST contract, section 2.6.
enum ProtectionRoutes {
    static let all = [
        Route(.get, "/api/downloads/protect", Operation.listProtected),
        Route(.put, "/api/downloads/protect", Operation.setProtected, isRepeatable: true),
        // The frontend asks before every delete: a limit here would stop deletions.
        Route(
            .post, "/api/downloads/protect/assert", Operation.assertUnprotected, limiter: .none, isRepeatable: true),
    ]
}
