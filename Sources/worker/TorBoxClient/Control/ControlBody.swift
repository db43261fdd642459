import DomainModel
import Foundation
import NIOCore

/// The bodies of calls that change one item. The types have no room for `all`, and an id is always there.
enum ControlBody {
    enum Operation: String, Sendable, Encodable { case delete, start, stopSeeding = "stop_seeding" }

    struct Torrent: Encodable {
        var torrent_id: Int64
        var operation: Operation
    }

    struct Usenet: Encodable {
        var usenet_id: Int64
        var operation: Operation
    }

    struct Webdl: Encodable {
        var webdl_id: Int64
        var operation: Operation
    }

    struct Queued: Encodable {
        var queued_id: Int64
        var operation: Operation
        var type: AssetType
    }

    /// Compact JSON with its keys in alphabetical order.
    static func encode(_ body: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: try encoder.encode(body))
    }
}
