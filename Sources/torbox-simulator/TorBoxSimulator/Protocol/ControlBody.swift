import Foundation

/// The JSON body of a control or edit call; every key is optional here, so that each lack gets its own answer.
struct ControlBody: Decodable {
    var ids: [String: Int] = [:]
    var operation: String?
    var all: Bool?
    var name: String?
    var tags: [String]?
    var alternativeHashes: [String]?
    var airlocked: Bool?

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    static let idKeys = ["torrent_id", "usenet_id", "usenet_download_id", "webdl_id", "queued_id"]

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: Key.self)
        for key in Self.idKeys {
            ids[key] = try Self.looseInt(keys, Key(key))
        }
        operation = try keys.decodeIfPresent(String.self, forKey: Key("operation"))
        all = try keys.decodeIfPresent(Bool.self, forKey: Key("all"))
        name = try keys.decodeIfPresent(String.self, forKey: Key("name"))
        tags = try keys.decodeIfPresent([String].self, forKey: Key("tags"))
        alternativeHashes = try keys.decodeIfPresent([String].self, forKey: Key("alternative_hashes"))
        airlocked = try keys.decodeIfPresent(Bool.self, forKey: Key("airlocked"))
    }

    /// - Throws: The 422 answer when the body is no JSON object or a key has another type.
    static func decoded(from bytes: [UInt8]) throws(Refusal) -> ControlBody {
        do {
            return try JSONDecoder().decode(ControlBody.self, from: Data(bytes))
        } catch {
            throw Refusal(.invalid("body", "body"))
        }
    }

    /// FastAPI takes a number in a text for a number.
    private static func looseInt(_ keys: KeyedDecodingContainer<Key>, _ key: Key) throws -> Int? {
        if let text = try? keys.decodeIfPresent(String.self, forKey: key) { return Int(text) }  // Another type follows.
        return try keys.decodeIfPresent(Int.self, forKey: key)
    }
}
