import ServiceSupport

/// What the end of a child that nobody asked to stop means.
package enum ExitDisposition: Sendable, Equatable {
    /// Start it again, by the ``RestartPolicy``. A child that leaves with 0 by itself is no better than a crashed one.
    case restart
    /// Another start would end the same way, so the whole house stops with this exit code.
    case escalate(Int32)

    package init(_ status: ProcessExit) {
        self = status == .exited(ExitCode.configuration) ? .escalate(ExitCode.configuration) : .restart
    }
}
