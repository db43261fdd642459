/// What an operator may want to read about a child. ``FleetLog`` puts it into words.
package enum ChildAnnouncement: Sendable, Equatable {
    package enum Death: Sendable, Equatable {
        case exited(ProcessExit)
        case notStarted(String)
    }

    case ready(after: Duration)
    /// The child's own words on why it cannot go on.
    case reportedFailure(String)
    case hung(after: Duration)
    case bootTimedOut(after: Duration)
    case killed
    case died(Death)
    case restarting(attempt: Int, delay: Duration)
    case quarantined(probeAfter: Duration)
    /// A quarantine is over.
    case recovered
    case drained
    /// Ended as it was asked to.
    case ended(Death)
}
