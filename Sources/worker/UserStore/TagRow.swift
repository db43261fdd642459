package import DomainModel

/// A tag of the user's.
package struct TagRow: Sendable, Equatable {
    package var id: Int64
    package var name: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Downloads that have it.
    package var usageCount: Int
}
