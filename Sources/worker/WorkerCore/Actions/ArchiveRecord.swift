import DomainModel
import NIOCore
import UserStore

/// The archive row that an `archive` action leaves: written when TorBox confirms or the item is seen to be gone, never
/// before.
enum ArchiveRecord {
    /// What the journal keeps of the item for its archive row, beyond hash and name.
    static func parameters(of item: DownloadItem) -> String? {
        item.tracker.map { tracker in
            var json = JSONWriter()
            json.object { $0.member("tracker", tracker) }
            return String(buffer: json.buffer)
        }
    }

    /// From the item as it was when it was deleted.
    static func insert(
        _ db: UserDatabase.Connection, _ item: DownloadItem, parameters: String?, at now: Timestamp
    ) throws {
        try insert(db, number: item.key.id, hash: item.hash, name: item.name, parameters, at: now)
    }

    /// From the journal, when a later list shows that an action of unknown fate was carried out.
    static func insert(_ db: UserDatabase.Connection, _ row: ActionRow, at now: Timestamp) throws {
        try insert(db, number: row.item.id, hash: row.hash, name: row.itemName, row.parameters, at: now)
    }

    private static func insert(
        _ db: UserDatabase.Connection, number: Int64, hash: String?, name: String?, _ parameters: String?,
        at now: Timestamp
    ) throws {
        guard let hash else { return }
        let tracker = parameters.flatMap { JSONColumn.value($0)["tracker"]?.stringValue }
        let archived = NewArchived(torrentID: String(number), hash: hash, tracker: tracker, name: name, at: now)
        try ArchiveRepository.insertIfAbsent(db, archived)
    }
}
