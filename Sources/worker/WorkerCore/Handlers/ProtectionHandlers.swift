import DomainModel
import UserStore
import WireProtocol

/// `/api/downloads/protect` and the question that the frontend asks before it destroys anything itself.
struct ProtectionHandlers: Sendable {
    let users: UserAccess
    let events: EventHub

    /// Downloads of one request. Source: rest-api 2.6.
    static let mostDownloads = 1_000
    static let destructive: Set<String> = ["delete", "archive", "stop_seeding"]
    private static let complaint = "download_ids must be 1 to \(mostDownloads) ids"

    @concurrent func list(_ context: RequestContext) async throws -> Response {
        Self.reply(with: try await users.read(context.user) { try ProtectionRepository.ids($0) })
    }

    @concurrent func set(_ context: RequestContext) async throws -> Response {
        let body = try context.jsonObject()
        let ids = try IDList.downloads(body["download_ids"], count: 1...Self.mostDownloads, Self.complaint)
        guard let isProtected = body["protected"]?.boolValue else {
            throw Refusal(400, "protected must be true or false")
        }
        let now = users.now()
        let protected = try await users.write(context.user) { db in
            try ProtectionRepository.set(db, ids, isProtected: isProtected, at: now)
            return try ProtectionRepository.ids(db)
        }
        events.publish(.protectionChanged, to: context.user)
        return Self.reply(with: protected)
    }

    /// 403 when every one of the downloads is protected.
    @concurrent func assert(_ context: RequestContext) async throws -> Response {
        let body = try context.jsonObject()
        let ids = try IDList.downloads(body["download_ids"], count: 1...Self.mostDownloads, Self.complaint)
        guard let operation = body["operation"]?.stringValue, Self.destructive.contains(operation) else {
            throw Refusal(400, "operation must be delete, archive or stop_seeding")
        }
        let blocked = try await users.read(context.user) { try ProtectionRepository.blocked($0, among: ids) }
        guard blocked.count < ids.count else { return Self.refusal(ids) }
        return Reply.success { json in
            json.member("allowed", array: { list in ids.forEach { if !blocked.contains($0) { list.value($0) } } })
            json.member("blocked", array: { list in ids.forEach { if blocked.contains($0) { list.value($0) } } })
        }
    }

    /// What every route answers that would have destroyed protected downloads.
    static func refusal(_ ids: [String]) -> Response {
        Reply.failure(403, "Download is protected", code: "DOWNLOAD_PROTECTED", blockedIDs: ids)
    }

    private static func reply(with ids: [String]) -> Response {
        Reply.success(capacity: 64 + 16 * ids.count) {
            $0.member("protected_ids", array: { list in ids.forEach { list.value($0) } })
        }
    }
}
