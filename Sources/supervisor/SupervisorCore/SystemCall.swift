import Glibc
import ServiceSupport

/// Words for `errno`.
enum SystemCall {
    /// `No such file or directory`.
    static func text(_ number: Int32) -> String { String(cString: strerror(number)) }

    /// A passing failure of the system: another start may work.
    static func failure(_ what: String, _ number: Int32) -> SupervisorError {
        SupervisorError(.system, "\(what): \(text(number))", exitCode: ExitCode.temporary)
    }
}
