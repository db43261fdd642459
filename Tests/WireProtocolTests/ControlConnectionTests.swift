import DomainModel
import NIOCore
import Sharding
import Testing
import WireProtocol

@Suite(.timeLimit(.minutes(1))) struct ControlConnectionTests {
    private func collect(_ connection: ControlConnection) async -> [ControlMessage] {
        var result: [ControlMessage] = []
        for await message in connection.messages { result.append(message) }
        return result
    }

    @Test("every message arrives in order, and end of file ends the messages")
    func everything() async throws {
        let (supervisor, child) = try await SocketPair.connected()
        for message in ControlMessageTests.every { try await child.send(message) }
        await child.close()
        #expect(await collect(supervisor) == ControlMessageTests.every)
        await supervisor.close()
    }

    @Test("both sides talk at once")
    func bothWays() async throws {
        let (supervisor, child) = try await SocketPair.connected()
        for epoch in 1...200 as ClosedRange<UInt64> {
            try await supervisor.send(.release(slots: [Slot(7)], epoch: epoch))
            try await child.send(.released(slots: [Slot(7)], epoch: epoch))
        }
        await supervisor.close()
        #expect(await collect(child) == (1...200).map { .release(slots: [Slot(7)], epoch: $0) })
        #expect(await collect(supervisor).count <= 200)
        await child.close()
    }

    @Test("what a process said before it died still counts")
    func lastWords() async throws {
        let (left, right) = try SocketPair.make()
        var bytes = ByteBuffer()
        try FrameCodec.encode(try ControlMessage.failed(reason: "disk full").frame(), into: &bytes)
        try FrameCodec.encode(try ControlMessage.drained.frame(), into: &bytes)
        SocketPair.write(bytes, to: right)
        SocketPair.close(right)
        let supervisor = try await SocketPair.adopt(left)
        #expect(await collect(supervisor) == [.failed(reason: "disk full"), .drained])
    }

    @Test("sending to a process that is gone throws")
    func gone() async throws {
        let (left, right) = try SocketPair.make()
        let supervisor = try await SocketPair.adopt(left)
        SocketPair.close(right)
        #expect(await collect(supervisor).isEmpty)
        await #expect(throws: (any Error).self) { try await supervisor.send(.drain) }
    }

    @Test("after nonsense nothing more is believed, and the channel closes")
    func nonsense() async throws {
        let (left, right) = try SocketPair.make()
        let child = try await SocketPair.adopt(left)
        var bytes = ByteBuffer()
        try FrameCodec.encode(try ControlMessage.ready.frame(), into: &bytes)
        try FrameCodec.encode(.request(1), into: &bytes)
        try FrameCodec.encode(try ControlMessage.drain.frame(), into: &bytes)
        SocketPair.write(bytes, to: right)
        #expect(await collect(child) == [.ready])
        SocketPair.close(right)
    }

    @Test("a message that is too long is refused and the channel lives on")
    func tooLong() async throws {
        let (supervisor, child) = try await SocketPair.connected()
        let reason = String(repeating: "x", count: WireLimits.maximumBodyBytes)
        await #expect(throws: WireError.self) { try await child.send(.failed(reason: reason)) }
        try await child.send(.ready)
        await child.close()
        #expect(await collect(supervisor) == [.ready])
        await supervisor.close()
    }
}
