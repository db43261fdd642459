import DomainModel
import GRDB

/// Bare download numbers, which several items may share.
enum StoredNumbers {
    /// Whether another stored item has the same number as this one.
    static func isShared(_ db: Database, _ item: ItemKey) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM tbx_item WHERE item_id = ? AND NOT (asset = ? AND queued = ?) LIMIT 1")
        return try Int.fetchOne(statement, arguments: [item.id, item.asset.rawValue, item.isQueued]) != nil
    }
}
