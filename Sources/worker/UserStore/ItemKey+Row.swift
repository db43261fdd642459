import DomainModel
import GRDB

extension ItemKey {
    /// From the columns `asset`, `queued` and `item_id`; nil for a kind that this version does not know.
    init?(row: Row) {
        guard let asset = AssetType(rawValue: row["asset"]) else { return nil }
        self.init(asset: asset, isQueued: row["queued"], id: row["item_id"])
    }
}
