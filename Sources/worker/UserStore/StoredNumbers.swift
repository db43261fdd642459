import DomainModel
import GRDB

/// Bare download numbers, which several items may share.
enum StoredNumbers {
    /// The kinds of items, to be joined with others. A number has no index of its own, which every new download would be
    /// written into: the key's finds it with each kind.
    static let kinds: String = {
        let rows = AssetType.allCases.flatMap { ["('\($0.rawValue)', 0)", "('\($0.rawValue)', 1)"] }
        return "(VALUES \(rows.joined(separator: ", "))) kind"
    }()

    /// Joins the stored items whose number is `number`, an SQL expression, as `item`; ``kinds`` come before it.
    static func items(numbered number: String) -> String {
        """
        CROSS JOIN tbx_item item
        ON item.asset = kind.column1 AND item.queued = kind.column2 AND item.item_id = \(number)
        """
    }

    /// Whether another stored item has the same number as this one.
    static func isShared(_ db: Database, _ item: ItemKey) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT 1 FROM \(kinds) \(items(numbered: "?"))
                WHERE NOT (item.asset = ? AND item.queued = ?) LIMIT 1
                """)
        return try Int.fetchOne(statement, arguments: [item.id, item.asset.rawValue, item.isQueued]) != nil
    }
}
