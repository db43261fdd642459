import Glibc
import ServiceSupport

/// Whether a directory is there, ours, private and writable.
enum DirectoryFinding {
    static func find(_ name: String, at path: String, setting: String) -> Finding {
        var info = stat()
        guard stat(path, &info) == 0 else {
            guard errno == ENOENT else {
                return Finding(
                    name, .failed, "\(path) cannot be examined: \(SystemCall.text(errno))",
                    fix: "run this as the user of the service, or correct the rights of the directories above")
            }
            return Finding(name, .ok, "\(path) is not there yet; the first start makes it")
        }
        guard info.st_mode & S_IFMT == S_IFDIR else {
            return Finding(name, .failed, "\(path) is no directory", fix: "move it away, or change \(setting)")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            return Finding(
                name, .failed, "\(path) belongs to user \(info.st_uid) and cannot be written by user \(geteuid())",
                fix: "chown it to the user of the service, or change \(setting)")
        }
        let mode = info.st_mode & 0o7777
        guard mode & 0o077 == 0 else {
            return Finding(
                name, .warning, "\(path) has mode \(String(mode, radix: 8)), so others can look into it",
                fix: "chmod 700 \(path)")
        }
        return Finding(name, .ok, "\(path) is private and can be written")
    }
}
