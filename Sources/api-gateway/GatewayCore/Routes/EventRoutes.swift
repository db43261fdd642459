import HTTPTypes
import WireProtocol

/// What happens to a user's downloads, as server-sent events. Source: REST contract, section 2.1.
enum EventRoutes {
    static let all = [
        Route(.get, "/api/automation/events", Operation.listen, limiter: .none, answer: .eventStream)
    ]
}
