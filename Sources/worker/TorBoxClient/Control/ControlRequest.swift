import DomainModel
import NIOCore
import NIOHTTP1

/// The request for a change that needs no reading first. Pure.
enum ControlRequest {
    struct Unsupported: Error, Sendable, Equatable { var why: String }

    static func request(for call: ControlCall) throws(Unsupported) -> TorBoxRequest {
        let item = call.item
        guard item.id > 0 else { throw Unsupported(why: "\(item) has no id that TorBox gives out") }
        switch call {
        case .stopSeeding:
            guard item.asset == .torrent, !item.isQueued else {
                throw Unsupported(why: "only listed torrents can stop seeding, not \(item)")
            }
            return try post(.controlTorrent, ControlBody.Torrent(id: item.id, operation: .stopSeeding))
        case .forceStart:
            guard item.isQueued else { throw Unsupported(why: "only queued downloads can be started, not \(item)") }
            return try queued(item, .start)
        case .delete: return try item.isQueued ? queued(item, .delete) : delete(item)
        case .setAirlock: throw Unsupported(why: "an airlock is set by an edit, after reading the item")
        }
    }

    private static func queued(_ item: ItemKey, _ operation: ControlBody.Operation) throws(Unsupported) -> TorBoxRequest
    {
        try post(.controlQueued, ControlBody.Queued(id: item.id, operation: operation, type: item.asset))
    }

    private static func delete(_ item: ItemKey) throws(Unsupported) -> TorBoxRequest {
        let endpoint = Endpoint.control(item.asset)
        return switch item.asset {
        case .torrent: try post(endpoint, ControlBody.Torrent(id: item.id, operation: .delete))
        case .usenet: try post(endpoint, ControlBody.Usenet(id: item.id, operation: .delete))
        case .webdl: try post(endpoint, ControlBody.Webdl(id: item.id, operation: .delete))
        }
    }

    private static func post(_ endpoint: Endpoint, _ body: some Encodable) throws(Unsupported) -> TorBoxRequest {
        do {
            return TorBoxRequest(
                method: .POST, endpoint: endpoint, body: try ControlBody.encode(body), purpose: .action)
        } catch {
            throw Unsupported(why: "the request cannot be encoded: \(error)")
        }
    }
}
