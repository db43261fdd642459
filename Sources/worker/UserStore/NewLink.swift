/// A link to be remembered. Item, file and kind together are its key: a later link for the same file replaces it.
package struct NewLink: Sendable, Equatable {
    package enum Status: String, Sendable, Equatable { case success, failed }

    /// The bare number as text.
    package var itemID: String
    /// Nil: the whole item.
    package var fileID: String?
    /// Empty when it could not be made.
    package var url: String
    /// `torrents`, `usenet` or `webdl`.
    package var assetType: String
    package var itemName: String?
    package var fileName: String?
    package var status: Status

    package init(
        itemID: String, fileID: String? = nil, url: String, assetType: String, itemName: String? = nil,
        fileName: String? = nil, status: Status = .success
    ) {
        self.itemID = itemID
        self.fileID = fileID
        self.url = url
        self.assetType = assetType
        self.itemName = itemName
        self.fileName = fileName
        self.status = status
    }
}
