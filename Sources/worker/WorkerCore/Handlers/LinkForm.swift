import DomainModel
import UserStore

/// Links between the REST contract's form and the stored columns.
enum LinkForm {
    private static let kinds: Set<String> = ["torrents", "usenet", "webdl"]

    /// A link from a request; the refusal says what is missing.
    static func link(_ entry: [String: JSONValue]) -> Result<NewLink, Refusal> {
        guard let item = entry["item_id"]?.idText, let kind = entry["asset_type"]?.stringValue, !kind.isEmpty else {
            return .failure(Refusal(400, "item_id and asset_type are required"))
        }
        guard kinds.contains(kind) else {
            return .failure(Refusal(400, "asset_type must be torrents, usenet or webdl"))
        }
        let status: NewLink.Status = entry["status"]?.stringValue == "failed" ? .failed : .success
        let url = entry["url"]?.stringValue ?? ""
        guard status == .failed || !url.isEmpty else { return .failure(Refusal(400, "url is required")) }
        let file = entry["file_id"].flatMap { $0.isGiven ? $0.idText : nil }
        return .success(
            NewLink(
                itemID: item, fileID: file, url: url, assetType: kind, itemName: text(entry["item_name"]),
                fileName: text(entry["file_name"]), status: status))
    }

    /// The usable ones of many, the first of each file, with the time that it names or else `now`.
    static func distinct(_ entries: [JSONValue], at now: Timestamp) -> [(link: NewLink, generatedAt: String)] {
        var seen: Set<[String]> = []
        return entries.compactMap { entry in
            guard let members = entry.objectValue, case .success(let link) = link(members) else { return nil }
            let key = [link.itemID, link.assetType] + (link.fileID.map { [$0] } ?? [])
            guard seen.insert(key).inserted else { return nil }
            let given = members["generated_at"]?.stringValue.flatMap { Timestamp(storedText: $0) == nil ? nil : $0 }
            return (link, given ?? now.iso8601)
        }
    }

    static func write(_ row: LinkRow, to json: inout JSONWriter) {
        json.object {
            $0.member("id", row.id)
            $0.member("item_id", row.link.itemID)
            $0.member("file_id", row.link.fileID)
            $0.member("url", row.link.url)
            $0.member("asset_type", row.link.assetType)
            $0.member("item_name", row.link.itemName)
            $0.member("file_name", row.link.fileName)
            $0.member("generated_at", row.generatedAt)
            $0.member("created_at", row.createdAt?.sqliteText)
            $0.member("status", row.link.status.rawValue)
        }
    }

    private static func text(_ value: JSONValue?) -> String? {
        value?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }
}
