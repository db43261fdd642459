import DomainModel

/// What a limit is counted by.
struct RateKey: Hashable, Sendable {
    let user: UserID
    let endpoint: Endpoint
}
