/// Where one action on one item stands. The raw values are stored.
package enum ActionState: String, Sendable, Hashable, CaseIterable {
    /// Committed as an intent; nothing was sent.
    case planned
    /// About to be sent, or sent and not yet answered.
    case sent
    /// TorBox said yes; the next snapshot has not shown the effect yet.
    case acknowledged
    /// A snapshot has shown the effect, or the action needed none (local ones).
    case observed
    /// TorBox said no, or the effect did not show.
    case failed
    /// Sent, and nobody knows whether it was done: the process died or the connection broke.
    case unknown
    /// Deliberately not done: protected, no longer matching, nothing to do.
    case skipped
    /// Held back by the blast radius or the breaker until a person decides.
    case parked
    /// Parked, then let go by a person: the run that follows has rows of its own. Not finished: that run is still due.
    case approved
    /// Parked, then refused by a person. Not finished: still remembered, so that it is not parked again.
    case rejected
    /// Cancelled before it was sent, because its rule changed, was switched off or deleted.
    case dropped

    /// Whether something is still to happen to it.
    package var isOpen: Bool {
        switch self {
        case .planned, .sent, .acknowledged, .unknown, .parked: true
        case .approved, .rejected, .observed, .failed, .skipped, .dropped: false
        }
    }
}
