import DomainModel
import Foundation
import NIOCore
import NIOHTTP1

/// The edit that sets or clears an airlock. An edit overwrites name, tags and hashes, so they are taken from a row
/// read just before. Pure.
struct AirlockEdit: Sendable, Equatable {
    struct UnusableRow: Error, Sendable, Equatable { var why: String }

    let asset: AssetType
    let id: Int64
    let name: String
    let tags: [String]
    let alternativeHashes: [String]
    let isAirlocked: Bool

    /// Takes over what the row holds. Throws when something is there but cannot be kept.
    init(_ row: JSONValue, asset: AssetType, id: Int64, isAirlocked: Bool) throws(UnusableRow) {
        self.asset = asset
        // The row's own field goes before `id`, as stock has it; a row of another item is not edited.
        self.id = row[Self.idFields(asset)[0]]?.integerValue ?? id
        name = try Self.name(row["name"], id: id)
        tags = try Self.texts(row["tags"], "tags")
        alternativeHashes = try Self.texts(row["alternative_hashes"], "alternative_hashes")
        self.isAirlocked = isAirlocked
    }

    /// The names of the id. Sources disagree about usenet, so both are sent; unknown keys are ignored by TorBox.
    static func idFields(_ asset: AssetType) -> [String] {
        switch asset {
        case .torrent: ["torrent_id"]
        case .usenet: ["usenet_id", "usenet_download_id"]
        case .webdl: ["webdl_id"]
        }
    }

    func request() throws -> TorBoxRequest {
        var body: [String: JSONValue] = [
            "name": .string(name), "tags": .array(tags.map(JSONValue.string)),
            "alternative_hashes": .array(alternativeHashes.map(JSONValue.string)), "airlocked": .bool(isAirlocked),
        ]
        for field in Self.idFields(asset) { body[field] = .integer(id) }
        return TorBoxRequest(
            method: .PUT, endpoint: .edit(asset), body: try ControlBody.encode(JSONValue.object(body)),
            purpose: .action)
    }

    /// TorBox refuses empty names, so a blank one becomes `Download <id>`.
    private static func name(_ value: JSONValue?, id: Int64) throws(UnusableRow) -> String {
        guard let value, !value.isNull else { return "Download \(id)" }
        guard let text = value.stringValue else { throw UnusableRow(why: "the item's name is no text") }
        let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return name.isEmpty ? "Download \(id)" : name
    }

    /// Texts, or objects with a `name`; blanks are dropped.
    private static func texts(_ value: JSONValue?, _ field: String) throws(UnusableRow) -> [String] {
        guard let value, !value.isNull else { return [] }
        guard let elements = value.arrayValue else { throw UnusableRow(why: "the item's \(field) are no list") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.stringValue ?? element["name"]?.stringValue else {
                throw UnusableRow(why: "the item's \(field) hold something that is no text")
            }
            let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if !trimmed.isEmpty { texts.append(trimmed) }
        }
        return texts
    }
}
