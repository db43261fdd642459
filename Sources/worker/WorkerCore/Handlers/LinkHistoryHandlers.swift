import DomainModel
import UserStore
import WireProtocol

/// `/api/link-history` and below.
struct LinkHistoryHandlers: Sendable {
    let users: UserAccess

    // MARK: Reading

    /// By page, or with `keyset=1` by a cursor that rows added meanwhile do not disturb.
    @concurrent func list(_ context: RequestContext) async throws -> Response {
        let limit = context.queryNumber("limit", default: 50, in: 1...1_000)
        let search = context.request.parameters["search"]?.trimmed
        if ["1", "true"].contains(context.request.parameters["keyset"] ?? "") {
            return try await rows(context, limit: limit, search: search)
        }
        let page = context.queryNumber("page", default: 1, in: 1...Int(Int32.max))
        let (rows, total) = try await users.read(context.user) {
            try LinkHistoryRepository.page($0, page: page, limit: limit, search: search)
        }
        return Self.reply(with: rows) {
            $0.member("page", page)
            $0.member("limit", limit)
            $0.member("total", total)
            $0.member("totalPages", (total + limit - 1) / limit)
        }
    }

    private func rows(_ context: RequestContext, limit: Int, search: String?) async throws -> Response {
        let text = context.request.parameters["cursor"] ?? ""
        let cursor = LinkCursor(text)
        guard text.isEmpty || cursor != nil else { throw Refusal(400, "Invalid cursor") }
        let rows = try await users.read(context.user) {
            try LinkHistoryRepository.rows($0, after: cursor, limit: limit, search: search)
        }
        let isFull = rows.count == limit
        let next = isFull ? rows.last.map { LinkCursor(generatedAt: $0.generatedAt, id: $0.id) } : nil
        return Self.reply(with: rows) {
            $0.member("limit", limit)
            $0.member("nextCursor", next?.text)
            $0.member("hasMore", isFull)
        }
    }

    // MARK: Writing

    @concurrent func add(_ context: RequestContext) async throws -> Response {
        let (link, now) = (try LinkForm.link(try context.jsonObject()).get(), users.now())
        let row = try await users.write(context.user) { try LinkHistoryRepository.insert($0, link, at: now) }
        return Reply.success {
            $0.key("data")
            LinkForm.write(row, to: &$0)
        }
    }

    /// What cannot be used is passed over; of links for the same file the first counts.
    @concurrent func addBulk(_ context: RequestContext) async throws -> Response {
        guard let entries = try context.jsonObject()["entries"]?.arrayValue, !entries.isEmpty else {
            throw Refusal(400, "entries must be a non-empty array")
        }
        let now = users.now()
        let links = LinkForm.distinct(entries, at: now)
        guard !links.isEmpty else { throw Refusal(400, "No valid entries") }
        let outcome = try await users.write(context.user) { try LinkHistoryRepository.insert($0, links, at: now) }
        return Reply.success { json in
            json.member("message", "Link history entries saved")
            json.member(
                "data",
                object: {
                    $0.member("requested", entries.count)
                    $0.member("validated", links.count)
                    $0.member("deleted", outcome.deleted)
                    $0.member("inserted", outcome.inserted)
                })
        }
    }

    @concurrent func delete(_ context: RequestContext) async throws -> Response {
        let id = try context.pathID()
        guard try await users.write(context.user, { try LinkHistoryRepository.delete($0, [id]) }) > 0 else {
            throw Refusal(404, "Link history entry not found")
        }
        return Reply.success { $0.member("message", "Link history entry deleted") }
    }

    @concurrent func deleteBulk(_ context: RequestContext) async throws -> Response {
        let ids = try IDList.rows(
            try context.jsonObject()["ids"], count: 1...Int.max, "ids must be a non-empty array of positive integers")
        let deleted = try await users.write(context.user) { try LinkHistoryRepository.delete($0, ids) }
        return Reply.deleted(deleted, of: ids.count, "Link history entries deleted")
    }

    private static func reply(with rows: [LinkRow], _ pagination: (inout JSONWriter) -> Void) -> Response {
        Reply.success(capacity: 256 + 400 * rows.count) { json in
            json.member("data", array: { list in rows.forEach { LinkForm.write($0, to: &list) } })
            json.member("pagination", object: pagination)
        }
    }
}
