/// Why the supervisor cannot go on: what failed, why, and how to mend it.
package struct SupervisorError: Error, Sendable, CustomStringConvertible {
    /// Open set: new codes break nobody.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        /// Another supervisor holds the data directory.
        package static let alreadyRunning = Code(description: "already_running")
        /// A system call about a process, pipe or socket failed.
        package static let system = Code(description: "system")
        /// Nobody answers at the control socket.
        package static let notRunning = Code(description: "not_running")
        /// The running supervisor says no.
        package static let refused = Code(description: "refused")
        /// A one-shot command did not end with 0.
        package static let commandFailed = Code(description: "command_failed")
    }

    package var code: Code
    package var message: String
    package var hint: String?
    /// What the supervisor should exit with because of it.
    package var exitCode: Int32

    package init(_ code: Code, _ message: String, hint: String? = nil, exitCode: Int32) {
        self.code = code
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
    }

    package var description: String { hint.map { "\(message); \($0)" } ?? message }
}
