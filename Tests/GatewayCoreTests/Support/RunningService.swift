import Glibc
import Logging
import NIOPosix

@testable import GatewayCore

/// A listening socket on a free port, which several services can serve one after the other as processes would.
struct ListeningSocket: Sendable {
    struct Failure: Error {}

    let descriptor: Int32
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutableBytes(of: &address) { bytes -> Bool in
            guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return bind(descriptor, pointer, length) == 0 && listen(descriptor, 1_024) == 0
                && getsockname(descriptor, pointer, &length) == 0
        }
        guard isBound else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// A descriptor of the same socket, as a child process inherits it.
    func inherited() -> Int32 { dup(descriptor) }

    func closeDown() { close(descriptor) }
}

/// Runs services over a gateway fixture on one listening socket.
struct ServiceFixture: Sendable {
    let gateway: GatewayFixture
    let socket: ListeningSocket
    let limits: ConnectionLimits

    static func with(
        _ configuration: GatewayConfiguration = GatewayConfiguration(), limits: ConnectionLimits = ConnectionLimits(),
        _ body: (ServiceFixture, GatewayService) async throws -> Void
    ) async throws {
        try await GatewayFixture.with(configuration) { gateway async throws in
            let socket = try ListeningSocket()
            defer { socket.closeDown() }
            let fixture = ServiceFixture(gateway: gateway, socket: socket, limits: limits)
            let service = fixture.makeService()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await service.run() }
                try await body(fixture, service)
                tasks.cancelAll()
                // Cancelled services end with an error or without.
                try? await tasks.waitForAll()
            }
        }
    }

    /// Another one, as of another process; the caller runs it.
    func makeService() -> GatewayService {
        let application = gateway.application
        return GatewayService(
            application: application, descriptor: socket.inherited(), limits: limits,
            group: MultiThreadedEventLoopGroup.singleton, onDraining: { application.streams.end() },
            logger: Logger(label: "service"))
    }

    func connect() async throws -> RawClient { try await RawClient(port: socket.port) }
}
