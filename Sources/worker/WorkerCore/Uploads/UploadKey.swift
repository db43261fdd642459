import Crypto
import DomainModel
import UserStore

/// By what the download of an upload is told again in TorBox's lists. Source: torbox-api 5.2 to 5.4.
///
/// - torrents by their info hash;
/// - links by the md5 of the link, which TorBox takes as their hash, or by the link itself;
/// - NZB files by the md5 of the file, which proves something only when it is found: TorBox cleans files first.
struct UploadKey: Sendable, Hashable {
    /// Lower case.
    var hash: String?
    var link: String?
    /// Whether a list without this key proves that the download is not there.
    var isCertain: Bool

    /// - Parameter file: the bytes of a file upload.
    init(_ row: UploadRow, file: [UInt8]? = nil) {
        switch (row.source, row.asset) {
        case (.magnet, _): self.init(hash: row.url.flatMap { MagnetLink($0)?.infoHash })
        case (.file, .torrent): self.init(hash: file.flatMap { TorrentFile($0)?.infoHash })
        case (.file, _):
            self.init(hash: file.map { Hex.text(Insecure.MD5.hash(data: $0)) })
            isCertain = false
        case (.link, _):
            self.init(hash: row.url.map { Hex.text(Insecure.MD5.hash(data: Array($0.utf8))) })
            link = row.url
        }
    }

    private init(hash: String?) {
        self.hash = hash
        isCertain = hash != nil
    }

    func matches(_ item: DownloadItem) -> Bool {
        if let hash, item.hash == hash { return true }
        if let link, item.originalURL == link { return true }
        return false
    }
}
