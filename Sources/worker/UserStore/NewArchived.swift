package import DomainModel

/// A download to be archived.
package struct NewArchived: Sendable, Equatable {
    /// The bare number as text, as REST gives it.
    package var torrentID: String
    package var hash: String
    package var tracker: String?
    package var name: String?
    package var at: Timestamp

    package init(torrentID: String, hash: String, tracker: String? = nil, name: String? = nil, at: Timestamp) {
        self.torrentID = torrentID
        self.hash = hash
        self.tracker = tracker
        self.name = name
        self.at = at
    }
}
