import DomainModel
import UserStore
import WireProtocol

/// `/api/custom-views` and below. What views filter by is the frontend's business: stored and given back as it came.
struct ViewHandlers: Sendable {
    let users: UserAccess

    @concurrent func list(_ context: RequestContext) async throws -> Response {
        let rows = try await users.read(context.user) { try ViewRepository.list($0) }
        return Reply.success(capacity: 64 + 512 * rows.count) { json in
            json.member("views", array: { list in rows.forEach { Self.write($0, to: &list) } })
        }
    }

    @concurrent func get(_ context: RequestContext) async throws -> Response {
        let id = try context.pathID()
        return try Self.reply(with: try await users.read(context.user) { try ViewRepository.get($0, id) })
    }

    @concurrent func create(_ context: RequestContext) async throws -> Response {
        let edit = try ViewEdit(try context.jsonObject())
        guard let name = edit.name, let filters = edit.filters else {
            throw Refusal(400, "name and filters are required")
        }
        let now = users.now()
        let row = try await users.write(context.user) { db in
            var content = ViewContent(name: name, filters: filters)
            edit.apply(to: &content)
            return try ViewRepository.insert(db, content, at: now)
        }
        return try Self.reply(with: row)
    }

    @concurrent func update(_ context: RequestContext) async throws -> Response {
        let (id, edit, now) = (try context.pathID(), try ViewEdit(try context.jsonObject()), users.now())
        let row = try await users.write(context.user) { try ViewRepository.update($0, id, at: now, edit.apply) }
        return try Self.reply(with: row)
    }

    @concurrent func reorder(_ context: RequestContext) async throws -> Response {
        let complaint = "ids must name every view exactly once"
        let ids = try IDList.rows(try context.jsonObject()["ids"], count: 0...Int.max, complaint)
        let now = users.now()
        guard try await users.write(context.user, { try ViewRepository.reorder($0, ids, at: now) }) else {
            throw Refusal(400, complaint)
        }
        return Reply.success()
    }

    @concurrent func delete(_ context: RequestContext) async throws -> Response {
        let id = try context.pathID()
        guard try await users.write(context.user, { try ViewRepository.delete($0, id) }) else { throw Self.unknown }
        return Reply.success { $0.member("message", "Custom view deleted") }
    }

    // MARK: Forms

    private static let unknown = Refusal(404, "Custom view not found")

    private static func reply(with row: ViewRow?) throws -> Response {
        guard let row else { throw unknown }
        return Reply.success {
            $0.key("view")
            write(row, to: &$0)
        }
    }

    private static func write(_ row: ViewRow, to json: inout JSONWriter) {
        let content = row.content
        json.object {
            $0.member("id", row.id)
            $0.member("name", content.name)
            $0.member("filters", raw: JSONColumn.isReadable(content.filters) ? content.filters : "{}")
            $0.member("sort_field", content.sortField)
            $0.member("sort_direction", content.sortDirection)
            $0.member(
                "visible_columns",
                raw: content.visibleColumns.map { JSONColumn.value($0).arrayValue == nil ? "[]" : $0 })
            $0.member("asset_type", content.assetType)
            $0.member("search_query", content.searchQuery)
            $0.member("sort_order", raw: row.sortOrder.map { String($0) })
            $0.member("created_at", row.createdAt.sqliteText)
            $0.member("updated_at", row.updatedAt.sqliteText)
        }
    }
}
