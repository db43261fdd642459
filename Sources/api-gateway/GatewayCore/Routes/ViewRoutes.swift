import HTTPTypes
import WireProtocol

/// Custom views. Source: REST contract, section 2.5.
enum ViewRoutes {
    static let all = [
        Route(.get, "/api/custom-views", Operation.listViews),
        Route(.post, "/api/custom-views", Operation.createView),
        Route(.patch, "/api/custom-views/reorder", Operation.reorderViews, isRepeatable: true),
        Route(.get, "/api/custom-views/:id", Operation.getView),
        Route(.put, "/api/custom-views/:id", Operation.updateView, isRepeatable: true),
        Route(.delete, "/api/custom-views/:id", Operation.deleteView),
    ]
}
