import DomainModel

/// The calls of TorBox that we use. Limits are counted for each of them.
enum Endpoint: String, Sendable, Hashable {
    case torrentList = "torrents/mylist"
    case usenetList = "usenet/mylist"
    case webdlList = "webdl/mylist"
    case queue = "queued/getqueued"
    case controlTorrent = "torrents/controltorrent"
    case controlUsenet = "usenet/controlusenetdownload"
    case controlWebdl = "webdl/controlwebdownload"
    case controlQueued = "queued/controlqueued"
    case editTorrent = "torrents/edittorrent"
    case editUsenet = "usenet/editusenetdownload"
    case editWebdl = "webdl/editwebdownload"
    case createTorrent = "torrents/createtorrent"
    case createUsenet = "usenet/createusenetdownload"
    case createWebdl = "webdl/createwebdownload"
    case cachedTorrent = "torrents/checkcached"
    case cachedUsenet = "usenet/checkcached"
    case cachedWebdl = "webdl/checkcached"
    case me = "user/me"

    static func list(_ asset: AssetType) -> Endpoint {
        switch asset {
        case .torrent: .torrentList
        case .usenet: .usenetList
        case .webdl: .webdlList
        }
    }

    static func control(_ asset: AssetType) -> Endpoint {
        switch asset {
        case .torrent: .controlTorrent
        case .usenet: .controlUsenet
        case .webdl: .controlWebdl
        }
    }

    static func edit(_ asset: AssetType) -> Endpoint {
        switch asset {
        case .torrent: .editTorrent
        case .usenet: .editUsenet
        case .webdl: .editWebdl
        }
    }

    static func create(_ asset: AssetType) -> Endpoint {
        switch asset {
        case .torrent: .createTorrent
        case .usenet: .createUsenet
        case .webdl: .createWebdl
        }
    }

    static func cached(_ asset: AssetType) -> Endpoint {
        switch asset {
        case .torrent: .cachedTorrent
        case .usenet: .cachedUsenet
        case .webdl: .cachedWebdl
        }
    }
}
