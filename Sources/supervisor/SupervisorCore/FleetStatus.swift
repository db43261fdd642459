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

    /// Somebody whom a worker does nothing for at present.
    package struct Quarantined: Codable, Sendable, Equatable {
        /// `worker-0`.
        package var worker: String
        /// The first eight digits of the id.
        package var user: String
        /// `crash_in_poll`, `crash_in_request`, `damaged_file`.
        package var reason: String
        /// ISO 8601; in the past while it is being tried whether the trouble is over.
        package var until: String
    }

    /// `starting`, `serving`, `changing`, `stopping`.
    package var state: String
    package var pid: Int32
    /// By the current map.
    package var workers: Int
    package var epoch: UInt64
    /// Scalings and reloads that are over.
    package var changesMade: Int
    /// Why the latest of them failed; nil when it did not.
    package var lastFailure: String?
    package var children: [Child]
    /// The first few of each worker; the gauges `users.quarantined` count them all.
    package var quarantined: [Quarantined]

    package func child(_ name: String) -> Child? { children.first { $0.name == name } }
}
