package import DomainModel

/// A download link that was made for a user, or could not be made.
package struct LinkRow: Sendable, Equatable {
    package var id: Int64
    package var link: NewLink
    /// SQL or ISO text, as stored; nil in odd rows only.
    package var generatedAt: String?
    package var createdAt: Timestamp?
}
