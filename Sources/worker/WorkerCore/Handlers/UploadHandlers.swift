import DomainModel
import TorBoxClient
import UserStore
import WireProtocol

/// `/api/uploads`: the queue as users see it. Adding is in `+Create`, files in `+Files`, retries in `+Retry`.
struct UploadHandlers: Sendable {
    let queue: UploadQueue
    let client: TorBoxClient

    var users: UserAccess { queue.users }

    @concurrent func list(_ context: RequestContext) async throws -> Response {
        let filter = try Self.filter(context)
        let page = context.queryNumber("page", default: 1, in: 1...Int(Int32.max))
        let limit = context.queryNumber("limit", default: 50, in: 1...1_000)
        let (user, memory, policy, now) = (context.user, queue.memory, queue.policy, users.now())
        let (found, counts, outlooks) = try await users.read(user) { db in
            (
                try UploadRepository.page(db, filter, page: page, limit: limit),
                try UploadRepository.statusCounts(db, asset: filter.asset),
                try AssetType.allCases.map { ($0, try UploadOutlook.of($0, of: user, db, memory, policy, at: now)) }
            )
        }
        let gates = Dictionary(outlooks.map { ($0.0, $0.1.gate) }) { first, _ in first }
        return Reply.success(capacity: 1_024 + 768 * found.rows.count) { json in
            json.member(
                "data",
                array: { list in
                    for row in found.rows { UploadJSON.write(row, waitingFor: gates[row.asset] ?? nil, to: &list) }
                })
            json.member("pagination", object: { Self.write(page: page, limit, total: found.total, to: &$0) })
            json.member(
                "statusCounts",
                object: {
                    for (status, count) in counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                        $0.member(status.rawValue, count)
                    }
                }
            )
            json.member("uploadStatistics", object: { UploadJSON.write(outlooks, policy, at: now, to: &$0) })
        }
    }

    @concurrent func get(_ context: RequestContext) async throws -> Response {
        Self.reply(with: try await row(context), showsNextAttempt: false)
    }

    @concurrent func move(_ context: RequestContext) async throws -> Response {
        let body = try context.jsonObject()
        let numbers = ["id", "old_order", "new_order"].map { body[$0]?.integerValue }
        guard let id = numbers[0], let old = numbers[1], let new = numbers[2] else {
            throw Refusal(400, "id, old_order and new_order must be whole numbers")
        }
        guard old != new else { throw Refusal(400, "old_order and new_order are equal") }
        let now = users.now()
        switch try await users.write(context.user, { try UploadRepository.move($0, id, from: old, to: new, at: now) }) {
        case .moved(let row): return Self.reply(with: row)
        case .noSuchRow: throw Self.notFound
        case .notQueued: throw Refusal(400, "Only queued uploads can be moved")
        case .movedMeanwhile(let place):
            throw Refusal(400, "old_order is not the upload's place", detail: "Its queue_order is \(place).")
        case .noSuchPlace(let last):
            throw Refusal(400, "new_order is not a place in the queue", detail: "Places go from 0 to \(last).")
        }
    }

    @concurrent func delete(_ context: RequestContext) async throws -> Response {
        let id = try context.pathID()
        guard try await delete([id], context) > 0 else { throw Self.notFound }
        return Reply.success { $0.member("message", "Upload deleted") }
    }

    @concurrent func deleteBulk(_ context: RequestContext) async throws -> Response {
        let ids = try UploadForm.ids(context.jsonObject()["ids"])
        let deleted = try await delete(ids, context)
        guard deleted > 0 else { throw Refusal(404, "No uploads found") }
        return Reply.success { json in
            json.member("message", "\(deleted) uploads deleted")
            json.member(
                "data",
                object: {
                    $0.member("deleted", deleted)
                    $0.member("requested", ids.count)
                })
        }
    }

    // MARK: Parts

    static var notFound: Refusal { Refusal(404, "Upload not found") }

    func row(_ context: RequestContext) async throws -> UploadRow {
        let id = try context.pathID()
        guard let row = try await users.read(context.user, { try UploadRepository.get($0, id) }) else {
            throw Self.notFound
        }
        return row
    }

    /// Rows first: a file without a row is litter, a row without its file an error. Files that others name stay.
    private func delete(_ ids: [Int64], _ context: RequestContext) async throws -> Int {
        let (rows, kept) = try await users.write(context.user) { db in
            let rows = try UploadRepository.delete(db, ids)
            return (rows, try UploadRepository.referenced(db, among: rows.compactMap(\.filePath)))
        }
        let paths = rows.compactMap(\.filePath).filter { !kept.contains($0) }
        try await queue.files.remove(Set(paths).compactMap { queue.files.path($0, of: context.user) })
        if !rows.isEmpty { try await queue.changed(context.user) }
        return rows.count
    }

    private static func filter(_ context: RequestContext) throws -> UploadRepository.Filter {
        let parameters = context.request.parameters
        var filter = UploadRepository.Filter(search: parameters["search"]?.trimmed)
        if let text = parameters["status"], !text.isEmpty {
            guard let status = UploadRow.Status(rawValue: text) else { throw Refusal(400, "Invalid status") }
            filter.status = status
        }
        if let text = parameters["type"], !text.isEmpty { filter.asset = try UploadForm.asset(.string(text)) }
        return filter
    }

    static func reply(
        with row: UploadRow, showsNextAttempt: Bool = true, _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> Response {
        Reply.success {
            $0.key("data")
            UploadJSON.write(row, showsNextAttempt: showsNextAttempt, to: &$0)
            more(&$0)
        }
    }

    private static func write(page: Int, _ limit: Int, total: Int, to json: inout JSONWriter) {
        json.member("page", page)
        json.member("limit", limit)
        json.member("total", total)
        json.member("totalPages", (total + limit - 1) / limit)
    }
}
