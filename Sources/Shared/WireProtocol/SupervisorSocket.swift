/// Where the supervisor answers, for its own commands and for the gateway's page of metrics.
package enum SupervisorSocket {
    package static func path(runtimeDirectory: String) -> String { "\(runtimeDirectory)/supervisor.sock" }

    /// A JSON list of metric families.
    package static let metrics = "supervisor.metrics"
}
