import DomainModel
import NIOCore
import TorBoxClient
import UserStore

extension CreateCall {
    /// The call that hands an upload over; nil when the row has nothing to hand over.
    init?(_ row: UploadRow, file: [UInt8]?) {
        let source: Source
        switch row.source {
        case .magnet:
            guard let url = row.url else { return nil }
            source = .magnet(url)
        case .link:
            guard let url = row.url else { return nil }
            source = .link(url)
        case .file:
            guard let file else { return nil }
            source = .file(ByteBuffer(bytes: file), name: row.name)
        }
        self.init(
            asset: row.asset, source: source, name: Self.name(of: row), seed: row.seed, allowsZip: row.allowsZip,
            asQueued: row.asQueued, onlyIfCached: row.onlyIfCached, password: row.password)
    }

    /// What TorBox is to call the download. Torrents bring their own name, and a name that is a link is no name.
    static func name(of row: UploadRow) -> String? {
        guard row.asset != .torrent, !row.name.contains("://") else { return nil }
        let name = row.name.trimmed
        let bare = row.source == .file && name.lowercased().hasSuffix(".nzb") ? String(name.dropLast(4)) : name
        return bare.isEmpty ? nil : bare
    }
}
