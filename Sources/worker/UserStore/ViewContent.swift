/// What a user sets of a view.
package struct ViewContent: Sendable, Equatable {
    package var name: String
    /// JSON, opaque to us.
    package var filters: String
    package var sortField: String?
    package var sortDirection: String?
    /// A JSON array.
    package var visibleColumns: String?
    package var assetType: String?
    package var searchQuery: String?

    package init(
        name: String, filters: String, sortField: String? = nil, sortDirection: String? = nil,
        visibleColumns: String? = nil, assetType: String? = nil, searchQuery: String? = nil
    ) {
        self.name = name
        self.filters = filters
        self.sortField = sortField
        self.sortDirection = sortDirection
        self.visibleColumns = visibleColumns
        self.assetType = assetType
        self.searchQuery = searchQuery
    }
}
