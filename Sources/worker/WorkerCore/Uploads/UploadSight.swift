import DomainModel
import TorBoxClient
import UserStore

/// What of one kind is at TorBox, as a pass knows it: the lists as read at its beginning, and what it has added since.
struct UploadSight: Sendable {
    /// Nil when TorBox's answer was no plain statement: then nothing is known.
    var snapshot: LibrarySnapshot?
    /// Hashes whose data TorBox has already, as far as that was asked.
    var cached: Set<String> = []
    private var added: [UploadKey: UploadResult] = [:]

    init(snapshot: LibrarySnapshot?) { self.snapshot = snapshot }

    /// What an upload with that key would be a duplicate of.
    func duplicate(of key: UploadKey) -> UploadResult? {
        if let result = added[key] { return result }
        return snapshot?.items.first(where: key.matches).map(UploadResult.init(item:))
    }

    mutating func add(_ key: UploadKey, _ result: UploadResult) {
        if key.hash != nil || key.link != nil { added[key] = result }
    }
}

extension UploadResult {
    init(item: DownloadItem) { self.init(hash: item.hash, id: item.key.isQueued ? nil : item.key.id) }
}
