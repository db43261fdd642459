import HTTPTypes
import WireProtocol

/// Tags and what they are on. Source: REST contract, sections 2.3 and 2.4.
enum TagRoutes {
    static let all = [
        Route(.get, "/api/tags", Operation.listTags),
        Route(.post, "/api/tags", Operation.createTag),
        Route(.get, "/api/tags/:id", Operation.getTag),
        Route(.put, "/api/tags/:id", Operation.renameTag, isRepeatable: true),
        Route(.delete, "/api/tags/:id", Operation.deleteTag),
        Route(.get, "/api/downloads/tags", Operation.listDownloadTags),
        Route(.post, "/api/downloads/tags", Operation.changeDownloadTags, isRepeatable: true),
    ]
}
