import Glibc
package import NIOCore

/// The few facts about Unix-domain sockets that NIO leaves to its caller.
package enum UnixSocket {
    /// The longest path that NIO takes. Linux has room for 107 bytes, other systems for these.
    package static let maximumPathBytes = 103

    /// Throws ``WireError`` `.socketPathTooLong`.
    package static func address(_ path: String) throws -> SocketAddress {
        guard path.utf8.count <= maximumPathBytes else {
            throw WireError(
                .socketPathTooLong,
                "\(path) has \(path.utf8.count) bytes, a Unix socket may have \(maximumPathBytes); "
                    + "set RUNTIME_DIR to a shorter directory")
        }
        return try SocketAddress(unixDomainSocketPath: path)
    }

    /// Removes a socket file that a process which is gone has left behind. The slot locks, not this file, decide
    /// who may serve. What is no socket stays: it is not ours.
    package static func removeStale(_ path: String) {
        var facts = stat()
        guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFSOCK else { return }
        unlink(path)
    }

    /// Lets only our own user connect.
    package static func restrict(_ path: String) throws {
        guard chmod(path, 0o600) == 0 else {
            throw IOError(errnoCode: errno, reason: "chmod 0600 \(path)")
        }
    }

    package static var ownUser: UInt32 { getuid() }

    /// The user that the process at the other end runs as.
    package static func peerUser(of channel: any Channel) -> EventLoopFuture<UInt32> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(WireError(.foreignPeer, "the channel cannot tell its peer"))
        }
        let credentials: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        return credentials.map(\.uid)
    }
}

/// The kernel's `struct ucred`, which the C library shows only to GNU sources.
private struct PeerCredentials {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}
