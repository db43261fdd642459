package import DomainModel
package import ItemDecoding

/// How a snapshot came about, in numbers.
package struct SnapshotCensus: Sendable, Equatable {
    package var listed = 0
    package var queued = 0
    /// Rows dropped because their id had come before in the same list.
    package var duplicates = 0
    /// Pages read, those of repeated readings included.
    package var pages = 0
    /// Times that a kind was read again because its pages did not fit together.
    package var rereads = 0
    /// For each kind, how many listed rows had a usable value in each known field.
    package var fields: [AssetType: FieldCensus] = [:]

    package init() {}
}
