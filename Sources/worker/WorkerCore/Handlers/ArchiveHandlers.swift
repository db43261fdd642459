import DomainModel
import UserStore
import WireProtocol

/// `/api/archived-downloads` and below.
struct ArchiveHandlers: Sendable {
    let users: UserAccess

    @concurrent func list(_ context: RequestContext) async throws -> Response {
        let page = context.queryNumber("page", default: 1, in: 1...Int(Int32.max))
        let limit = context.queryNumber("limit", default: 50, in: 1...1_000)
        let search = context.request.parameters["search"]?.trimmed
        let (rows, total) = try await users.read(context.user) {
            try ArchiveRepository.page($0, page: page, limit: limit, search: search)
        }
        return Reply.success(capacity: 256 + 256 * rows.count) { json in
            json.member("data", array: { list in rows.forEach { Self.write($0, to: &list) } })
            json.member(
                "pagination",
                object: {
                    $0.member("page", page)
                    $0.member("limit", limit)
                    $0.member("total", total)
                    $0.member("totalPages", (total + limit - 1) / limit)
                })
        }
    }

    @concurrent func get(_ context: RequestContext) async throws -> Response {
        let id = try context.pathID()
        guard let row = try await users.read(context.user, { try ArchiveRepository.get($0, id) }) else {
            throw Refusal(404, "Archived download not found")
        }
        return Self.reply(with: row)
    }

    @concurrent func add(_ context: RequestContext) async throws -> Response {
        let body = try context.jsonObject()
        guard let new = Self.archived(body, at: users.now()) else {
            throw Refusal(400, "torrent_id and hash are required")
        }
        let outcome = try await users.write(context.user) { db -> AddOutcome in
            if try !ProtectionRepository.blocked(db, among: [new.torrentID]).isEmpty { return .protected }
            return .archived(try ArchiveRepository.insert(db, new))
        }
        switch outcome {
        case .protected: return ProtectionHandlers.refusal([new.torrentID])
        case .archived(.duplicate): throw Refusal(409, "Download already archived")
        case .archived(.inserted(let row)): return Self.reply(with: row)
        }
    }

    @concurrent func delete(_ context: RequestContext) async throws -> Response {
        let id = try context.pathID()
        guard try await users.write(context.user, { try ArchiveRepository.delete($0, [id]) }) > 0 else {
            throw Refusal(404, "Archived download not found")
        }
        return Reply.success { $0.member("message", "Archived download deleted") }
    }

    private enum AddOutcome: Sendable {
        case protected
        case archived(ArchiveRepository.InsertOutcome)
    }

    private static func reply(with row: ArchivedRow) -> Response {
        Reply.success {
            $0.key("data")
            write(row, to: &$0)
        }
    }

    private static func write(_ row: ArchivedRow, to json: inout JSONWriter) {
        json.object {
            $0.member("id", row.id)
            $0.member("torrent_id", row.torrentID)
            $0.member("hash", row.hash)
            $0.member("tracker", row.tracker)
            $0.member("name", row.name)
            $0.member("archived_at", row.archivedAt.sqliteText)
            $0.member("created_at", row.createdAt.sqliteText)
        }
    }

    /// Nil without number or hash.
    static func archived(_ body: [String: JSONValue], at now: Timestamp) -> NewArchived? {
        guard let torrentID = body["torrent_id"]?.idText, let hash = body["hash"]?.idText else { return nil }
        return NewArchived(
            torrentID: torrentID, hash: hash, tracker: body["tracker"]?.idText, name: body["name"]?.idText, at: now)
    }
}
