import DomainModel

/// Thrown where a request turns out to be another user's: the key is a later one of theirs. The router answers `moved`.
struct MovedUser: Error {
    var owner: UserID
}
