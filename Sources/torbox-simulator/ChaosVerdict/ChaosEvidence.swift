package import TorBoxSimulator

/// Everything that the verdict rests on, as plain values.
package struct ChaosEvidence: Sendable {
    package var users: [UserEvidence]
    /// TorBox's log, oldest first.
    package var calls: [CallRecord]
    package var showings: ShownHistory
    package var disturbances: [Disturbance]
    package var failures: [RequestFailure]
    package var usage: UsageChange?
    /// Lines of the service that tell of an end that nobody asked for.
    package var crashes: [String]
    /// Nil when the service did not end in time.
    package var exitCode: Int32?
    /// What an orderly end must not leave.
    package var leftovers: [String]

    package init(
        users: [UserEvidence] = [], calls: [CallRecord] = [], showings: ShownHistory = ShownHistory(),
        disturbances: [Disturbance] = [], failures: [RequestFailure] = [], usage: UsageChange? = nil,
        crashes: [String] = [], exitCode: Int32? = 0, leftovers: [String] = []
    ) {
        self.users = users
        self.calls = calls
        self.showings = showings
        self.disturbances = disturbances
        self.failures = failures
        self.usage = usage
        self.crashes = crashes
        self.exitCode = exitCode
        self.leftovers = leftovers
    }
}
