import Glibc
import ServiceSupport
import Testing

@testable import SupervisorCore

@Suite struct ListeningSocketTests {
    private func bind(port: Int = 0, patience: Duration = .zero) async throws -> ListeningSocket {
        try await ListeningSocket.bind(host: "127.0.0.1", port: port, patience: patience)
    }

    private func port(of socket: ListeningSocket) throws -> Int {
        try #require(socket.address.split(separator: ":").last.flatMap { Int($0) })
    }

    @Test("the address tells the port that the kernel chose, and the descriptor is not for children") func address()
        async throws
    {
        let socket = try await bind()
        #expect(try port(of: socket) > 0)
        let descriptor = try #require(socket.descriptor)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test("a port in use is a problem that names host and port") func inUse() async throws {
        let first = try await bind()
        let taken = try port(of: first)
        let problem = await #expect(throws: ConfigurationProblem.self) { try await bind(port: taken) }
        #expect(problem?.key == "PORT")
        #expect(problem?.message.contains("HOST 127.0.0.1, PORT \(taken): Address already in use") == true)
    }

    @Test("a port that becomes free within the patience is taken") func patience() async throws {
        let first = try await bind()
        let taken = try port(of: first)
        async let second = bind(port: taken, patience: .seconds(20))
        first.closeNow()
        #expect(try await port(of: second) == taken)
        #expect(first.descriptor == nil)
    }

    @Test(
        "an address of another machine, and no address at all, are problems of HOST",
        arguments: ["192.0.2.1", "not a name"])
    func foreign(host: String) async throws {
        let problem = await #expect(throws: ConfigurationProblem.self) {
            try await ListeningSocket.bind(host: host, port: 0, patience: .zero)
        }
        #expect(problem?.key == "HOST")
    }

    @Test("a handed-over socket is taken as it is") func inherited() async throws {
        let original = try await bind()
        let copy = dup(try #require(original.descriptor))
        let socket = try ListeningSocket.inherited(copy)
        #expect(socket.address == original.address)
        #expect(fcntl(copy, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test("a handed-over descriptor that does not listen is a problem") func notListening() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let problem = #expect(throws: ConfigurationProblem.self) { try ListeningSocket.inherited(descriptor) }
        #expect(problem?.key == "LISTEN_FDS")
    }
}
