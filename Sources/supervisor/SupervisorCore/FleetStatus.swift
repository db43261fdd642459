/// What `supervisor status` shows.
package struct FleetStatus: Codable, Sendable, Equatable {
    package struct Child: Codable, Sendable, Equatable {
        /// `worker-0`, `gateway`.
        package var name: String
        /// Nil when there is no process.
        package var pid: Int32?
        /// `starting`, `ready`, `restarting`, `quarantined`, `hung`, `stopping`, `replacing`, `ended`.
        package var state: String
        /// Since it became ready; nil when it is not.
        package var uptimeSeconds: Int64?
        /// Starts after the first.
        package var restarts: Int
        /// By the current map; nil for the gateway.
        package var slots: Int?
        package var loopLagMilliseconds: Int64?
        /// As the child's latest check-in named them, such as `requests`, `polls.overdue`.
        package var gauges: [String: Int64]
    }

    /// `starting`, `serving`, `changing`, `stopping`.
    package var state: String
    package var pid: Int32
    /// By the current map.
    package var workers: Int
    package var epoch: UInt64
    /// Scalings and reloads that are over.
    package var changesMade: Int
    package var children: [Child]

    package func child(_ name: String) -> Child? { children.first { $0.name == name } }
}
