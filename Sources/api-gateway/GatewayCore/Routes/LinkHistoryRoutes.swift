import HTTPTypes
import WireProtocol

/// Links that were made for downloads. Source: REST contract, section 2.7.
enum LinkHistoryRoutes {
    static let all = [
        Route(.get, "/api/link-history", Operation.listLinks, query: ["page", "limit", "search", "keyset", "cursor"]),
        // A link replaces the one before it for the same file, so a second time gives the same history.
        Route(.post, "/api/link-history", Operation.addLink, isRepeatable: true),
        Route(.post, "/api/link-history/bulk", Operation.addLinks, isRepeatable: true),
        Route(.delete, "/api/link-history/bulk", Operation.deleteLinks, isRepeatable: true),
        Route(.delete, "/api/link-history/:id", Operation.deleteLink),
    ]
}
