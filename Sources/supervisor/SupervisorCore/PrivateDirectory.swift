import Glibc
import ServiceSupport

/// Directories that only our own user may enter.
enum PrivateDirectory {
    /// Creates `path` and its missing parents with mode 0700; one that exists keeps its mode. Throws a
    /// ``ConfigurationProblem`` of `key` when that fails or when we may not write into it.
    static func prepare(_ path: String, key: String) throws {
        var partial = ""
        for step in path.split(separator: "/") {
            partial += "/\(step)"
            if mkdir(partial, 0o700) != 0 && errno != EEXIST && !exists(partial) {
                throw ConfigurationProblem(
                    key: key,
                    message: "cannot create directory \(partial): \(SystemCall.text(errno)); create it or name another")
            }
        }
        try check(path, key: key)
    }

    /// The same without creating anything: a missing directory is fine.
    private static func check(_ path: String, key: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw ConfigurationProblem(key: key, message: "is \(path), which is no directory; name another")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw ConfigurationProblem(
                key: key,
                message: "is \(path), which this user cannot write to: \(SystemCall.text(errno)); change its owner")
        }
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
