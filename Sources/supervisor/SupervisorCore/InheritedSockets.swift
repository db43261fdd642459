import CSystemd
import Glibc
package import ServiceSupport

/// The listening sockets that systemd opened for us. They are told apart by their names (`FileDescriptorName=` of the
/// socket unit), because systemd hands them over in an order of its own.
package struct InheritedSockets: Sendable, Equatable {
    package static let httpName = "http"

    /// For clients of the REST interface.
    package var http: Int32?

    package init(http: Int32? = nil) { self.http = http }

    /// A single socket needs no name, so that `systemd-socket-activate` and units of others work too.
    init(named sockets: [(name: String, descriptor: Int32)]) throws(ConfigurationProblem) {
        self.init()
        if sockets.count == 1 {
            http = sockets[0].descriptor
            return
        }
        for socket in sockets {
            guard socket.name == Self.httpName else { throw Self.unknown(socket.name) }
            guard http == nil else { throw Self.double(socket.name) }
            http = socket.descriptor
        }
    }

    /// What this process was given; nothing when it was not started by a socket unit. All of them become
    /// close-on-exec.
    package static func received() throws(ConfigurationProblem) -> InheritedSockets {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(0, &names)
        defer {
            for index in 0..<max(0, Int(count)) { free(names?[index]) }
            free(names)
        }
        guard count >= 0 else {
            throw ConfigurationProblem(
                key: "LISTEN_FDS", message: "cannot be used: \(SystemCall.text(-count)); let systemd set it")
        }
        return try InheritedSockets(
            named: (0..<count).map { index in
                (names?[Int(index)].map { String(cString: $0) } ?? "", SD_LISTEN_FDS_START + index)
            })
    }

    private static func unknown(_ name: String) -> ConfigurationProblem {
        ConfigurationProblem(
            key: "LISTEN_FDNAMES",
            message: "has a socket \"\(name)\"; set FileDescriptorName=\(httpName) in its socket unit")
    }

    private static func double(_ name: String) -> ConfigurationProblem {
        ConfigurationProblem(
            key: "LISTEN_FDNAMES",
            message: "has several sockets \"\(name)\"; give one ListenStream=, [::]:3001 takes IPv4 too")
    }
}
