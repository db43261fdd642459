import DomainModel

/// How a poll of one user ended, as far as the next one is concerned.
enum PollOutcome: Sendable, Equatable {
    /// Everything was read and evaluated. Nil: no enabled rule is left to run.
    case evaluated(nextRuleDue: Timestamp?)
    /// TorBox asked to come back later; nil when it did not say when.
    case rateLimited(retryAfter: Duration?)
    /// No connection, a time-out or TorBox's own fault.
    case outage
    /// An answer that is no complete library.
    case incomplete
    /// TorBox refused the key itself.
    case unauthorized
    /// The account's plan does not allow the calls.
    case planRestricted
    /// Our own side failed, such as a damaged user file or a full disk.
    case failed
    /// The worker is stopping or giving the slot up; the user stays due.
    case interrupted

    /// A bounded label for metrics and status.
    var label: String {
        switch self {
        case .evaluated: "evaluated"
        case .rateLimited: "rate_limited"
        case .outage: "outage"
        case .incomplete: "incomplete"
        case .unauthorized: "unauthorized"
        case .planRestricted: "plan_restricted"
        case .failed: "failed"
        case .interrupted: "interrupted"
        }
    }
}
