import Glibc

/// How many files and sockets the process may have open.
package enum DescriptorLimit {
    /// Raises our own limit as far as the system allows: each client connection takes one, each open user file three.
    package static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // Refused, the old limit stays: NIO then waits with accepting until a descriptor is free, and files fail to open.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
