import Glibc
import ServiceSupport

/// Makes a second supervisor on the same data directory impossible: an exclusive lock on a file in it, which the
/// kernel takes back when the holder ends, however it ends.
final class DataDirectoryLock: Sendable {
    private let descriptor: Int32

    /// Throws ``SupervisorError`` `.alreadyRunning` when another process holds it.
    init(directory: String) throws {
        let path = "\(directory)/supervisor.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ConfigurationProblem(
                key: "DATA_DIR", message: "has a lock file \(path) that cannot be opened: \(SystemCall.text(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw SupervisorError(
                .alreadyRunning, "another supervisor\(holder) runs on \(directory)",
                hint: "stop it first, or give this one a DATA_DIR of its own", exitCode: ExitCode.temporary)
        }
        self.descriptor = descriptor
        Self.write("\(getpid())\n", to: descriptor)
    }

    deinit { close(descriptor) }

    /// ` (pid 123)`, or nothing when the file does not say.
    private static func holder(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = max(0, pread(descriptor, &buffer, buffer.count, 0))
        let digits = String(decoding: buffer[..<count], as: UTF8.self).prefix { $0.isNumber }
        return digits.isEmpty ? "" : " (pid \(digits))"
    }

    /// Only for the message to others: a failure costs them the pid.
    private static func write(_ text: String, to descriptor: Int32) {
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }
}
