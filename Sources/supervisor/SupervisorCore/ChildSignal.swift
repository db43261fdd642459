import Glibc

/// The signals that the supervisor sends.
package enum ChildSignal: Sendable, Equatable {
    case terminate
    /// Leaves a backtrace of where the child hung.
    case abort
    /// Goes to the child's whole process group.
    case kill

    package var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .abort: SIGABRT
        case .kill: SIGKILL
        }
    }
}
