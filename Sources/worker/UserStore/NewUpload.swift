package import DomainModel

/// A line to be added to the upload queue.
package struct NewUpload: Sendable, Equatable {
    package var asset: AssetType
    package var source: UploadRow.Source
    package var filePath: String?
    package var fileSize: Int64?
    package var url: String?
    package var name: String
    package var seed: Int?
    package var allowsZip: Bool
    package var asQueued: Bool
    package var onlyIfCached: Bool
    package var password: String?

    package init(
        asset: AssetType, source: UploadRow.Source, filePath: String? = nil, fileSize: Int64? = nil,
        url: String? = nil, name: String, seed: Int? = nil, allowsZip: Bool = true, asQueued: Bool = false,
        onlyIfCached: Bool = false, password: String? = nil
    ) {
        self.asset = asset
        self.source = source
        self.filePath = filePath
        self.fileSize = fileSize
        self.url = url
        self.name = name
        self.seed = seed
        self.allowsZip = allowsZip
        self.asQueued = asQueued
        self.onlyIfCached = onlyIfCached
        self.password = password
    }
}
