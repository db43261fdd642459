package import DomainModel

/// A stored key to be replaced by the same one under another master key.
package struct KeyReplacement: Sendable, Equatable {
    package var user: UserID
    /// What must still be stored, so that a key registered meanwhile stays.
    package var old: String
    package var new: String

    package init(user: UserID, old: String, new: String) {
        self.user = user
        self.old = old
        self.new = new
    }
}
