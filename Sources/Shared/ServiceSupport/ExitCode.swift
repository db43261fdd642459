/// Exit codes of every process of ours, from the customary `sysexits.h`.
package enum ExitCode {
    /// Asked to stop, and stopped in order.
    package static let stopped: Int32 = 0
    /// `doctor` found something that failed.
    package static let unhealthy: Int32 = 1
    /// Input that cannot be read (`EX_DATAERR`).
    package static let badData: Int32 = 65
    /// A bug of ours (`EX_SOFTWARE`).
    package static let bug: Int32 = 70
    /// Passing trouble: another try may work (`EX_TEMPFAIL`).
    package static let temporary: Int32 = 75
    /// Configuration or data that only a human can mend (`EX_CONFIG`). Never restarted.
    package static let configuration: Int32 = 78
}
