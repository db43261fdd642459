/// The calls of TorBox that the simulator answers; faults and rate limits name them by these words.
package enum SimulatorEndpoint: String, Sendable, Hashable, CaseIterable, Codable {
    case upCheck = "/"
    case torrentList = "torrents/mylist"
    case usenetList = "usenet/mylist"
    case webDownloadList = "webdl/mylist"
    case queueList = "queued/getqueued"
    case queueControl = "queued/controlqueued"
    case torrentControl = "torrents/controltorrent"
    case usenetControl = "usenet/controlusenetdownload"
    case webDownloadControl = "webdl/controlwebdownload"
    case torrentEdit = "torrents/edittorrent"
    case usenetEdit = "usenet/editusenetdownload"
    case webDownloadEdit = "webdl/editwebdownload"
    case user = "user/me"
    case torrentCreate = "torrents/createtorrent"
    case usenetCreate = "usenet/createusenetdownload"
    case webDownloadCreate = "webdl/createwebdownload"
    case torrentCreateAsync = "torrents/asynccreatetorrent"
    case usenetCreateAsync = "usenet/asynccreateusenetdownload"
    case webDownloadCreateAsync = "webdl/asynccreatewebdownload"
    case torrentCached = "torrents/checkcached"
    case usenetCached = "usenet/checkcached"
    case webDownloadCached = "webdl/checkcached"

    /// What a call does, whatever the kind.
    enum Role { case upCheck, list, queueList, control, queueControl, edit, user, create, cached }

    /// - Parameter path: As in a request, `/v1/api/torrents/mylist`.
    init?(path: String) {
        if path == "/" || path.isEmpty {
            self = .upCheck
            return
        }
        guard path.hasPrefix("/v1/api/") else { return nil }
        self.init(rawValue: String(path.dropFirst("/v1/api/".count)))
    }

    /// The path of a request.
    package var path: String { self == .upCheck ? "/" : "/v1/api/" + rawValue }

    var method: String {
        switch role {
        case .upCheck, .list, .queueList, .user, .cached: "GET"
        case .control, .queueControl, .create: "POST"
        case .edit: "PUT"
        }
    }

    var role: Role {
        switch self {
        case .upCheck: .upCheck
        case .torrentList, .usenetList, .webDownloadList: .list
        case .queueList: .queueList
        case .queueControl: .queueControl
        case .torrentControl, .usenetControl, .webDownloadControl: .control
        case .torrentEdit, .usenetEdit, .webDownloadEdit: .edit
        case .user: .user
        case .torrentCached, .usenetCached, .webDownloadCached: .cached
        default: .create
        }
    }

    /// The kind a call is about; torrent where that says nothing.
    var kind: AssetKind {
        if rawValue.hasPrefix("usenet/") { return .usenet }
        if rawValue.hasPrefix("webdl/") { return .webDownload }
        return .torrent
    }

    /// The calls that list rows: three lists and the queue.
    package static let lists: Set<SimulatorEndpoint> = [.torrentList, .usenetList, .webDownloadList, .queueList]

    /// The calls that change something.
    package static let changes: Set<SimulatorEndpoint> = Set(
        allCases.filter { [.control, .queueControl, .edit, .create].contains($0.role) })
}
