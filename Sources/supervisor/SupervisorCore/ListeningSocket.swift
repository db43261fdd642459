import Glibc
import NIOPosix
package import ServiceSupport
import Synchronization

/// The TCP socket that clients connect to. The supervisor only holds it, so that connections wait in its queue
/// while the gateway, which accepts from it, is being replaced.
package final class ListeningSocket: Sendable {
    /// The number in the gateway, told in ``environmentVariable``.
    package static let descriptorInChild: Int32 = 4
    package static let environmentVariable = "TORBOX_LISTEN_FD"
    /// The same for the page of metrics.
    static let metricsDescriptorInChild: Int32 = 5
    static let metricsVariable = "TORBOX_METRICS_FD"
    /// Connections that may wait; the kernel lowers it to `net.core.somaxconn`.
    private static let backlog: Int32 = 4096

    /// `127.0.0.1:3001`, `[::1]:3001`.
    package let address: String
    private let owned: Mutex<Int32?>

    /// Nil once closed.
    package var descriptor: Int32? { owned.withLock { $0 } }

    private init(owning descriptor: Int32) {
        address = Self.address(of: descriptor)
        owned = Mutex(descriptor)
    }

    deinit { closeNow() }

    package func closeNow() {
        owned.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }

    /// Takes over the socket from systemd. Throws a ``ConfigurationProblem`` when it is not a listening one.
    package static func inherited(_ descriptor: Int32) throws(ConfigurationProblem)
        -> ListeningSocket
    {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0, isListening != 0 else {
            throw ConfigurationProblem(
                key: "LISTEN_FDS",
                message: "hands over descriptor \(descriptor), which is no listening socket; "
                    + "use ListenStream= with Accept=no in the socket unit")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return ListeningSocket(owning: descriptor)
    }

    /// Binds and listens. While the port is in use it tries again for `patience`: the gateway of a supervisor that was
    /// killed lets go of it a moment later. Throws a ``ConfigurationProblem`` naming `HOST` or `PORT`.
    package static func bind(host: String, port: Int, patience: Duration) async throws -> ListeningSocket {
        let giveUp = ContinuousClock.now + patience
        while true {
            do {
                // Looking up a name may ask the network, so not on the cooperative pool.
                return try await NIOThreadPool.singleton.runIfActive { try bindOnce(host: host, port: port) }
            } catch let failure as BindFailure where failure.isInUse && .now < giveUp {
                try await Task.sleep(for: .milliseconds(100))
            } catch let failure as BindFailure {
                throw failure.problem
            }
        }
    }
}

// MARK: - System calls

extension ListeningSocket {
    private struct BindFailure: Error {
        var isInUse = false
        var problem: ConfigurationProblem
    }

    private static func bindOnce(host: String, port: Int) throws -> ListeningSocket {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &found)
        guard code == 0, let first = found else {
            let text = String(cString: gai_strerror(code))
            throw BindFailure(
                problem: ConfigurationProblem(
                    key: "HOST", message: "is \"\(host)\", which has no address: \(text); give one of this machine"))
        }
        defer { freeaddrinfo(first) }
        return ListeningSocket(owning: try listen(on: first.pointee, host: host, port: port))
    }

    /// A listening, close-on-exec, non-blocking descriptor.
    private static func listen(on info: addrinfo, host: String, port: Int) throws -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(info.ai_family, kind, info.ai_protocol)
        guard descriptor >= 0 else { throw failure(errno, host, port) }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, to: 1)
        // `::` takes IPv4 as well, whatever the machine's default.
        if info.ai_family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 0) }
        guard Glibc.bind(descriptor, info.ai_addr, info.ai_addrlen) == 0, Glibc.listen(descriptor, backlog) == 0 else {
            let error = errno
            close(descriptor)
            throw failure(error, host, port)
        }
        return descriptor
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, to value: Int32) {
        var value = value
        // Neither option can fail on a socket of its own family.
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func failure(_ error: Int32, _ host: String, _ port: Int) -> BindFailure {
        let text = SystemCall.text(error)
        let what = "cannot listen on HOST \(host), PORT \(port): \(text)"
        let problem =
            switch error {
            case EADDRINUSE:
                ConfigurationProblem(
                    key: "PORT", message: "\(what); stop the program that uses the port, or set PORT to another")
            case EACCES:
                ConfigurationProblem(
                    key: "PORT", message: "\(what); ports below 1024 need a privilege, set PORT to a higher one")
            default:
                ConfigurationProblem(key: "HOST", message: "\(what); set HOST to an address of this machine")
            }
        return BindFailure(isInUse: error == EADDRINUSE, problem: problem)
    }

    private static func address(of descriptor: Int32) -> String {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let failed = withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getsockname(descriptor, address, &length) != 0
                    || getnameinfo(
                        address, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
                        NI_NUMERICHOST | NI_NUMERICSERV) != 0
            }
        }
        guard !failed else { return "unknown" }
        let (hostText, portText) = (text(host), text(port))
        return hostText.contains(":") ? "[\(hostText)]:\(portText)" : "\(hostText):\(portText)"
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
