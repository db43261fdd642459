import DomainModel
import UserStore
import WireProtocol

/// `/api/archived-downloads/bulk`.
extension ArchiveHandlers {
    /// Rows of one request. Source: rest-api 2.2.
    static let mostRows = 500

    /// What cannot be used is passed over, and so is what is protected. The frontend then deletes exactly `torrentIds`.
    @concurrent func addBulk(_ context: RequestContext) async throws -> Response {
        guard let entries = try context.jsonObject()["downloads"]?.arrayValue,
            (1...Self.mostRows).contains(entries.count)
        else { throw Refusal(400, "downloads must be an array of 1 to \(Self.mostRows) items") }
        let downloads = Self.distinct(entries, at: users.now())
        guard !downloads.isEmpty else { throw Refusal(400, "torrent_id and hash are required") }
        let ids = downloads.map(\.torrentID)
        let blocked = try await users.write(context.user) { db in
            let blocked = try ProtectionRepository.blocked(db, among: ids)
            for download in downloads where !blocked.contains(download.torrentID) {
                try ArchiveRepository.insertIfAbsent(db, download)
            }
            return blocked
        }
        guard blocked.count < ids.count else { return ProtectionHandlers.refusal(ids) }
        return Reply.success { json in
            json.member(
                "data",
                object: { data in
                    data.member(
                        "torrentIds", array: { list in ids.forEach { if !blocked.contains($0) { list.value($0) } } })
                    data.member(
                        "blocked_ids", array: { list in ids.forEach { if blocked.contains($0) { list.value($0) } } })
                })
        }
    }

    @concurrent func deleteBulk(_ context: RequestContext) async throws -> Response {
        let ids = try IDList.rows(
            try context.jsonObject()["ids"], count: 1...Self.mostRows,
            "ids must be an array of 1 to \(Self.mostRows) positive integers")
        let deleted = try await users.write(context.user) { try ArchiveRepository.delete($0, ids) }
        return Reply.deleted(deleted, of: ids.count, "Archived downloads deleted")
    }

    private static func distinct(_ entries: [JSONValue], at now: Timestamp) -> [NewArchived] {
        var seen: Set<String> = []
        return entries.compactMap { entry in
            guard let members = entry.objectValue, let download = archived(members, at: now),
                seen.insert(download.torrentID).inserted
            else { return nil }
            return download
        }
    }
}
