import DomainModel
import UserStore

/// What a request wants a view to be: nil leaves a part as it is, a nil inside clears it.
struct ViewEdit: Sendable {
    var name: String?
    var filters: String?
    var sortField: String??
    var sortDirection: String??
    var visibleColumns: String??
    var assetType: String??
    var searchQuery: String??

    /// Throws a 400 for what has the wrong type.
    init(_ body: [String: JSONValue]) throws {
        if let value = body["name"] {
            guard let text = value.stringValue, !text.isEmpty else { throw Refusal(400, "name must be a text") }
            name = text
        }
        if let value = body["filters"] {
            guard value.isGiven else { throw Refusal(400, "filters are required") }
            filters = JSONColumn.text(value)
        }
        sortField = try Self.text(body, "sort_field")
        sortDirection = try Self.text(body, "sort_direction")
        assetType = try Self.text(body, "asset_type")
        searchQuery = try Self.text(body, "search_query")
        if let value = body["visible_columns"] {
            guard value.arrayValue != nil || !value.isGiven else {
                throw Refusal(400, "visible_columns must be an array")
            }
            visibleColumns = .some(value.arrayValue == nil ? nil : JSONColumn.text(value))
        }
    }

    func apply(to content: inout ViewContent) {
        content.name = name ?? content.name
        content.filters = filters ?? content.filters
        content.sortField = sortField ?? content.sortField
        content.sortDirection = sortDirection ?? content.sortDirection
        content.visibleColumns = visibleColumns ?? content.visibleColumns
        content.assetType = assetType ?? content.assetType
        content.searchQuery = searchQuery ?? content.searchQuery
    }

    private static func text(_ body: [String: JSONValue], _ name: String) throws -> String?? {
        guard let value = body[name] else { return nil }
        guard value.isGiven else { return .some(nil) }
        guard let text = value.stringValue else { throw Refusal(400, "\(name) must be a text") }
        let trimmed = name == "search_query" ? text.trimmed : text
        return .some(trimmed.isEmpty ? nil : trimmed)
    }
}
