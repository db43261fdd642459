import Glibc
import Logging
import NIOPosix
import Sharding
import Synchronization
import Testing
import WireProtocol

@testable import SupervisorCore

@Suite struct ControlChannelTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let logger = RecordedLog().logger

    @Test("messages posted before and after connecting arrive in order, answers come back, end of file ends the talk")
    func conversation() async throws {
        let pair = try ControlChannel.makePair()
        let child = try await ControlConnection.adopt(descriptor: pair.child, on: loop, logger: logger)
        let channel = ControlChannel()
        let received = Mutex<[ControlMessage]>([])
        channel.post(.assign(SlotMap(workers: 2)))
        async let talk: Void = channel.converse(over: pair.own, on: loop, logger: logger) { message in
            received.withLock { $0.append(message) }
            if message == .ready { channel.post(.drain) }
        }
        var messages = child.messages.makeAsyncIterator()
        #expect(await messages.next() == .assign(SlotMap(workers: 2)))
        try await child.send(.hello(ChildGreeting(role: "worker", index: 0, pid: 1, version: "1")))
        try await child.send(.ready)
        #expect(await messages.next() == .drain)
        try await child.send(.drained)
        await child.close()
        try await talk
        #expect(received.withLock { $0.count } == 3)
        #expect(received.withLock { $0.last } == .drained)
    }

    @Test("when the supervisor's end closes, the child reads end of file: the orphan guard")
    func orphanGuard() async throws {
        let pair = try ControlChannel.makePair()
        let child = try await ControlConnection.adopt(descriptor: pair.child, on: loop, logger: logger)
        #expect(fcntl(pair.own, F_GETFD) & FD_CLOEXEC != 0)
        close(pair.own)
        var messages = child.messages.makeAsyncIterator()
        #expect(await messages.next() == nil)
    }

    @Test("a child that stops reading costs a bounded number of messages") func bounded() {
        let channel = ControlChannel()
        let queued = (0..<1_000).count { _ in channel.post(.drain) }
        #expect(queued == 64)
    }
}
