/// Where operators reach the supervisor, and what they can ask.
package enum ControlSocket {
    package static func path(runtimeDirectory: String) -> String { "\(runtimeDirectory)/supervisor.sock" }

    /// Answered with a ``FleetStatus``.
    package static let status = "supervisor.status"
    /// Parameter `workers`. 202 and the ``FleetStatus`` before it when it begins.
    package static let scale = "supervisor.scale"
    /// 202 and the ``FleetStatus`` before it when it begins.
    package static let reload = "supervisor.reload"
    /// 200 and the ``FleetStatus`` before it: every worker whose breaker is open lets destructive actions go on.
    package static let liftBreaker = "supervisor.lift-breaker"
    /// 202; the end of the process is the answer.
    package static let drain = "supervisor.drain"
}
