import DomainModel
import Foundation
import NIOCore

/// The bodies of calls that change one item. The types have no room for `all`, and an id is always there.
enum ControlBody {
    enum Operation: String, Sendable, Encodable { case delete, start, stopSeeding = "stop_seeding" }

    struct Torrent: Encodable {
        var id: Int64
        var operation: Operation

        enum CodingKeys: String, CodingKey { case operation, id = "torrent_id" }
    }

    struct Usenet: Encodable {
        var id: Int64
        var operation: Operation

        enum CodingKeys: String, CodingKey { case operation, id = "usenet_id" }
    }

    struct Webdl: Encodable {
        var id: Int64
        var operation: Operation

        enum CodingKeys: String, CodingKey { case operation, id = "webdl_id" }
    }

    struct Queued: Encodable {
        var id: Int64
        var operation: Operation
        var type: AssetType

        enum CodingKeys: String, CodingKey { case operation, type, id = "queued_id" }
    }

    /// Compact JSON with its keys in alphabetical order.
    static func encode(_ body: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: try encoder.encode(body))
    }
}
