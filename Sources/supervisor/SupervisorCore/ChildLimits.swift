/// How long a child may take for what. Three facts, three time-outs: started, ready, alive.
package struct ChildLimits: Sendable, Equatable {
    /// From the start to `ready`. Source: architecture section 6.
    package var boot: Duration = .seconds(60)
    /// Without a check-in once ready; children check in every 2 s. Source: architecture section 6.
    package var hung: Duration = .seconds(30)
    /// From ABRT (or TERM) to KILL for a child that was given up.
    package var killAfter: Duration = .seconds(5)
    /// From a gateway's relief to KILL: longer than its own patience with clients, which is 20 s.
    package var retirement: Duration = .seconds(25)
    package var restart = RestartPolicy.Limits()

    package init() {}
}
