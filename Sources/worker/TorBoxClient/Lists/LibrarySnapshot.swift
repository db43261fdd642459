package import DomainModel

/// A whole account at one time, or as near to it as TorBox's pages allow. Exists only when every page of every list and
/// queue was read and fitted together.
package struct LibrarySnapshot: Sendable {
    /// For each kind in the order torrent, usenet, webdl: the listed rows as sent, then the queued ones.
    package var items: [DownloadItem]
    /// When reading began: nothing in here is older, some is younger.
    package var fetchedAt: Timestamp
    /// The kinds that were asked for.
    package var assets: Set<AssetType>
    /// The kinds about which TorBox made a plain statement, for list and queue alike.
    ///
    /// A usenet or webdl list (or any queue) that answers ITEM_NOT_FOUND, as it does for an account that never had such
    /// a download, counts as empty for rules, but is left out here: absence from such an answer must not make anything
    /// be forgotten.
    package var plainlyEmptyOrListed: Set<AssetType>
    package var census: SnapshotCensus

    package init(
        items: [DownloadItem], fetchedAt: Timestamp, assets: Set<AssetType>, plainlyEmptyOrListed: Set<AssetType>,
        census: SnapshotCensus = SnapshotCensus()
    ) {
        self.items = items
        self.fetchedAt = fetchedAt
        self.assets = assets
        self.plainlyEmptyOrListed = plainlyEmptyOrListed
        self.census = census
    }
}
