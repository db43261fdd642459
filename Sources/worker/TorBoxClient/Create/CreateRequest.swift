import DomainModel
import NIOCore
import NIOHTTP1

/// The request that adds a download. Pure. Source: torbox-api 8.3.
enum CreateRequest {
    static func request(for call: CreateCall) -> TorBoxRequest {
        var form = MultipartForm()
        switch call.source {
        case .magnet(let text): form.add("magnet", text)
        case .link(let text): form.add("link", text)
        case .file(let bytes, let name):
            form.add("file", file: bytes, named: name, type: fileType(call.asset))
        }
        if let name = call.name { form.add("name", name) }
        if call.asset == .torrent {
            if let seed = call.seed { form.add("seed", String(seed)) }
            form.add("allow_zip", call.allowsZip ? "true" : "false")
        } else if let password = call.password {
            form.add("password", password)
        }
        // Absent means no; not every kind has known these fields from the beginning.
        if call.asQueued { form.add("as_queued", "true") }
        if call.onlyIfCached { form.add("add_only_if_cached", "true") }
        return TorBoxRequest(
            method: .POST, endpoint: .create(call.asset), body: form.body, contentType: form.contentType,
            purpose: .create)
    }

    private static func fileType(_ asset: AssetType) -> String {
        asset == .torrent ? "application/x-bittorrent" : "application/x-nzb"
    }
}
