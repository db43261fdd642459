import Glibc

/// Tells whether a file is another one, or has other content, than when it was last looked at.
struct FileIdentity: Sendable, Equatable, CustomStringConvertible {
    let description: String
    /// Seconds since 1970.
    let changed: Int

    /// Nil when there is no such file. Blocks for a moment.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        changed = status.st_mtim.tv_sec
        description = "\(status.st_dev):\(status.st_ino):\(status.st_size):\(changed).\(status.st_mtim.tv_nsec)"
    }
}
