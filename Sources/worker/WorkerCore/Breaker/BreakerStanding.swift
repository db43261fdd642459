/// What the breaker says to one poll.
struct BreakerStanding: Sendable, Equatable {
    /// Nothing is destroyed but what a person approved.
    var isOpen = false
    /// Many polls in a row looked as usual: what an open breaker has parked may be decided anew.
    var isCalm = false
}
