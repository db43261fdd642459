/// What the settings say about the fleet itself, and a reload may change.
package struct FleetSettings: Sendable, Equatable {
    /// See ``ChildLimits/hung``.
    package var hung: Duration
    /// For a whole drain, then KILL.
    package var shutdownGrace: Duration
    /// Nil keeps the number there is, which a scaling may have changed.
    package var workers: Int?

    package init(hung: Duration, shutdownGrace: Duration, workers: Int? = nil) {
        self.hung = hung
        self.shutdownGrace = shutdownGrace
        self.workers = workers
    }
}
