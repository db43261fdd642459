import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing
import WireProtocol

@testable import GatewayCore

/// The gateway's process inside the test's, with a supervisor's end of its control channel.
final class ProcessFixture: Sendable {
    struct Unexpected: Error {}

    let workers: [FakeWorker]
    let socket: ListeningSocket
    private let control: ControlConnection
    private let messages = Mutex<[ControlMessage]>([])
    private let ended = Atomic<Bool>(false)

    var hasEnded: Bool { ended.load(ordering: .relaxed) }

    /// All that the gateway has said so far.
    var seen: [ControlMessage] { messages.withLock { $0 } }

    private init(workers: [FakeWorker], socket: ListeningSocket, control: ControlConnection) {
        self.workers = workers
        self.socket = socket
        self.control = control
    }

    static func with(startsWorkers: Bool = true, _ body: (ProcessFixture) async throws -> Void) async throws {
        let directory = try SocketDirectory()
        defer { directory.remove() }
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw Unexpected() }
        let control = try await ControlConnection.adopt(
            descriptor: ends[0], on: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "supervisor"))
        let fixture = ProcessFixture(
            workers: (0..<2).map { FakeWorker(at: directory.socket(of: $0)) }, socket: try ListeningSocket(),
            control: control)
        if startsWorkers { for worker in fixture.workers { try await worker.start() } }
        var configuration = GatewayConfiguration()
        configuration.runtimeDirectory = directory.path
        configuration.controlDescriptor = ends[1]
        configuration.listenDescriptor = fixture.socket.inherited()
        let finished = configuration
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await GatewayProcess.run(finished)
                fixture.ended.store(true, ordering: .relaxed)
            }
            tasks.addTask {
                for await message in control.messages { fixture.messages.withLock { $0.append(message) } }
            }
            try await body(fixture)
            try await eventually("the process ends") { fixture.hasEnded }
            await control.close()
            try await tasks.waitForAll()
        }
        for worker in fixture.workers { await worker.stop() }
        fixture.socket.closeDown()
    }

    func send(_ message: ControlMessage) async throws { try await control.send(message) }

    func hangUp() async { await control.close() }

    /// The first message.
    func next() async throws -> ControlMessage {
        try await eventually("a message comes") { !seen.isEmpty }
        guard let first = seen.first else { throw Unexpected() }
        return first
    }

    func await(_ condition: (ControlMessage) -> Bool) async throws {
        try await eventually("the message comes") { seen.contains(where: condition) }
    }
}
