package import DomainModel
package import ItemDecoding

/// One page of a list or queue.
package struct ListPage: Sendable {
    /// Whether TorBox really listed the kind.
    package enum Standing: Sendable, Equatable {
        /// A plain statement: HTTP 200, `success` true, `data` a list.
        case listed
        /// ITEM_NOT_FOUND instead of a list, as seen for a kind that the account never used. No items to show or to
        /// evaluate, but no evidence that anything is gone.
        case kindNotFound
    }

    package var standing: Standing
    /// In the order sent, duplicates kept. A short page is the last one, unless TorBox caps pages below what was asked.
    package var items: [DownloadItem]
    /// How many rows there are in all, should TorBox say so; no known answer does.
    package var total: Int?
    /// Rows that had a usable value, for each known field.
    package var fields = FieldCensus()
}
