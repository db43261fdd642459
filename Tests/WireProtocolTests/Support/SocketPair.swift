import Glibc
import NIOCore
import NIOPosix
import Testing
import WireProtocol

/// Two connected descriptors, as the supervisor makes for a child.
enum SocketPair {
    static func make() throws -> (Int32, Int32) {
        var pair: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        return (pair[0], pair[1])
    }

    static func adopt(_ descriptor: Int32) async throws -> ControlConnection {
        try await ControlConnection.adopt(
            descriptor: descriptor, on: MultiThreadedEventLoopGroup.singleton, logger: Wire.quiet)
    }

    static func connected() async throws -> (ControlConnection, ControlConnection) {
        let (left, right) = try make()
        return (try await adopt(left), try await adopt(right))
    }

    static func write(_ bytes: ByteBuffer, to descriptor: Int32) {
        bytes.withUnsafeReadableBytes { #expect(Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count) }
    }

    /// Leaves a socket file at `path` that nobody listens at, as a killed process does.
    static func leaveStaleFile(at path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let bound = try SocketAddress(unixDomainSocketPath: path).withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        try #require(bound == 0)
    }

    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }
}
