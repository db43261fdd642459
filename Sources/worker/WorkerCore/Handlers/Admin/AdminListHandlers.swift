import DomainModel
import Registry
import WireProtocol

/// Lists of users: the page from the registry, which any worker can read, and what only each user's owner knows.
struct AdminListHandlers: Sendable {
    let users: UserAccess
    let places: FilePlaces
    let limits: RetentionLimits

    /// Users in one page at most: a list of all files has no paging in the contract.
    static let maximumPage = 10_000

    @concurrent func page(_ request: Request) async throws -> Response {
        let limit = request.number("limit", default: 50, in: 1...Self.maximumPage)
        let page = request.number("page", default: 1, in: 1...(Int(Int32.max) / limit))
        var query = try AdminQuery.read(request.parameters, now: users.now())
        if let ids = try request.adminBody()["ids"]?.arrayValue {
            query.ids = ids.compactMap { $0.stringValue.flatMap { UserID($0) } }
        }
        query.limit = limit
        query.offset = (page - 1) * limit
        let (entries, total) = try await users.registry.page(query)
        return Reply.success(capacity: 256 + 1_024 * entries.count) { json in
            json.member(
                "users",
                array: { list in
                    for entry in entries { list.object { AdminForm.write(entry, quota: limits, to: &$0) } }
                })
            json.member(
                "pagination",
                object: {
                    $0.member("page", page)
                    $0.member("limit", limit)
                    $0.member("total", total)
                    $0.member("totalPages", (total + limit - 1) / limit)
                })
            json.member("sort", query.sort.rawValue)
            json.member("sortDirection", query.isAscending ? "asc" : "desc")
        }
    }

    /// `{"facts":{"<id>":{…}}}` for those of the given users who are ours.
    @concurrent func facts(_ request: Request) async throws -> Response {
        let ids = (try request.adminBody()["ids"]?.arrayValue ?? []).compactMap {
            $0.stringValue.flatMap { UserID($0) }
        }
        let records = ids.compactMap { users.directory[$0] }
        let facts = try await places.facts(of: records.map(\.id))
        let now = users.now()
        return Reply.document { json in
            json.member(
                "facts",
                object: { members in
                    for record in records {
                        members.member(
                            record.id.hex,
                            object: {
                                $0.member("is_online", users.presence.isOnline(record.id, at: now))
                                if let seen = users.presence.lastSeen(of: record.id) ?? record.lastSeen {
                                    $0.member("last_seen_at", seen.sqliteText)
                                }
                                AdminForm.write(facts[record.id] ?? FileFacts(), to: &$0)
                            })
                    }
                })
        }
    }

    @concurrent func online() async throws -> Response {
        let now = users.now()
        let ids = users.directory.all.map(\.id).filter { users.presence.isOnline($0, at: now) }.sorted()
        return Reply.document { $0.member("ids", array: { list in ids.forEach { list.value($0.hex) } }) }
    }
}
