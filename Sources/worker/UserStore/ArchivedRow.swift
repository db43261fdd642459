package import DomainModel

/// An archived download: what is kept of one that was deleted on purpose.
package struct ArchivedRow: Sendable, Equatable {
    /// The number of the row, not of the download.
    package var id: Int64
    package var torrentID: String
    package var hash: String
    package var tracker: String?
    package var name: String?
    /// Whole seconds.
    package var archivedAt: Timestamp
    package var createdAt: Timestamp
}
