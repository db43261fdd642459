import HTTPTypes
import WireProtocol

/// Archived downloads. Source: REST contract, sections 1.13 to 1.16 and 2.2.
enum ArchiveRoutes {
    static let all = [
        Route(.get, "/api/archived-downloads", Operation.listArchived, query: ["page", "limit", "search"]),
        Route(.post, "/api/archived-downloads", Operation.addArchived),
        Route(.post, "/api/archived-downloads/bulk", Operation.addArchivedBulk, isRepeatable: true),
        Route(.delete, "/api/archived-downloads/bulk", Operation.deleteArchivedBulk, isRepeatable: true),
        Route(.get, "/api/archived-downloads/:id", Operation.getArchived),
        Route(.delete, "/api/archived-downloads/:id", Operation.deleteArchived),
    ]
}
