import DomainModel
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import TorBoxClient

@Suite struct AnswerRoomTests {
    private let loop = EmbeddedEventLoop()

    private final class Outcome: Sendable {
        private let text = Mutex<String?>(nil)
        /// Nil while the future waits.
        var now: String? { text.withLock { $0 } }

        init(_ future: EventLoopFuture<Void>) {
            future.whenComplete { result in
                self.text.withLock { $0 = (try? result.get()) == nil ? "failed" : "admitted" }
            }
        }
    }

    @Test("answers enter while there is room, the next when one is let go, in the order of their coming")
    func order() {
        let room = AnswerRoom(bytes: 100)
        var first: AnswerRoom.Place? = room.enter(60, on: loop).place
        let (second, secondAdmission) = room.enter(60, on: loop)
        let (third, thirdAdmission) = room.enter(20, on: loop)
        let (waits, overtakes) = (Outcome(secondAdmission), Outcome(thirdAdmission))
        loop.run()
        #expect(waits.now == nil)
        #expect(overtakes.now == nil, "a small one passed one that came before")
        #expect(room.heldBytes == 60)
        withExtendedLifetime(first) {}
        first = nil
        loop.run()
        #expect(waits.now == "admitted")
        #expect(overtakes.now == "admitted")
        #expect(room.heldBytes == 80)
        withExtendedLifetime((second, third)) {}
    }

    @Test("one that is larger than all of the room enters when it is alone") func larger() {
        let room = AnswerRoom(bytes: 100)
        let (place, admission) = room.enter(1_000, on: loop)
        let alone = Outcome(admission)
        loop.run()
        #expect(alone.now == "admitted")
        withExtendedLifetime(place) {}
    }

    @Test("one that gives up while it waits leaves its turn to the next") func givesUp() {
        let room = AnswerRoom(bytes: 100)
        var first: AnswerRoom.Place? = room.enter(90, on: loop).place
        var second: (place: AnswerRoom.Place, admission: EventLoopFuture<Void>)? = room.enter(90, on: loop)
        let (third, thirdAdmission) = room.enter(10, on: loop)
        let (gone, next) = (Outcome(second!.admission), Outcome(thirdAdmission))
        second = nil
        loop.run()
        #expect(gone.now == "failed")
        #expect(next.now == "admitted")
        withExtendedLifetime((first, third)) {}
        first = nil
        #expect(room.heldBytes == 10)
    }

    @Test("nobody waits for long behind answers that arrive drop by drop") func patience() {
        let room = AnswerRoom(bytes: 100)
        let (slow, _) = room.enter(100, on: loop)
        let (next, admission) = room.enter(50, on: loop)
        let waits = Outcome(admission)
        loop.advanceTime(by: AnswerRoom.patience - .milliseconds(1))
        #expect(waits.now == nil)
        loop.advanceTime(by: .milliseconds(1))
        #expect(waits.now == "admitted")
        #expect(room.heldBytes == 150)
        withExtendedLifetime((slow, next)) {}
    }

    @Test("an answer that grows takes more room, and its memory serves the next one") func growth() {
        let room = AnswerRoom(bytes: 2_000)
        var place: AnswerRoom.Place? = room.enter(10, on: loop).place
        place?.cover(1_500)
        #expect(room.heldBytes == 1_500)
        var body = place?.takeSpace() ?? ByteBuffer()
        #expect(body.capacity == 0, "nothing was left yet")
        body.writeRepeatingByte(7, count: 1_000)
        place?.leave(body)
        place = nil
        #expect(room.heldBytes == 0)
        let (next, _) = room.enter(10, on: loop)
        #expect(next.takeSpace().capacity == body.capacity)
        #expect(next.takeSpace().capacity == 0, "memory is given once")
    }

    @Test("who was waiting gets the memory of the one before for itself alone, and so need not make its own")
    func memoryForOne() throws {
        let room = AnswerRoom(bytes: 1_000)
        var first: AnswerRoom.Place? = room.enter(1_000, on: loop).place
        first?.leave(ByteBuffer(repeating: 7, count: 1_000))
        let (second, admission) = room.enter(900, on: loop)
        let given = Mutex<[UInt?]>([])
        admission.whenSuccess {
            var space = second.takeSpace()
            let shared = Self.address(of: space)
            // Makes new memory, unless nobody else holds this.
            space.clear(minimumCapacity: 900)
            space.writeRepeatingByte(8, count: 900)
            let alone = Self.address(of: space)
            given.withLock { $0 = [shared, alone] }
        }
        loop.run()
        first = nil
        loop.run()
        let addresses = given.withLock { $0 }
        try #require(addresses.count == 2 && addresses[0] != nil)
        #expect(addresses[0] == addresses[1])
    }

    private static func address(of buffer: ByteBuffer) -> UInt? {
        buffer.withUnsafeReadableBytes { $0.baseAddress.map(UInt.init(bitPattern:)) }
    }
}

@Suite struct LargeAnswerTests {
    /// Some 1.2 MB.
    private static let list = success(
        "["
            + (1...1_000).map { #"{"id":\#($0),"name":"\#(String(repeating: "n", count: 1_200))"}"# }
            .joined(separator: ",") + "]")

    @Test("many large lists at once come whole, whether their size is announced or not", arguments: [true, false])
    func whole(isAnnounced: Bool) async throws {
        let script: ScriptedServer.Script = { _ in isAnnounced ? .reply(200, Self.list) : .chunked(Self.list) }
        try await withClient(script: script) { client, _ in
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for user in "0123456789ab" {
                    let account = try TorBoxAccount.fixture(user)
                    group.addTask {
                        let page = try await client.list(.torrent, for: account)
                        #expect(page.items.last?.name?.utf8.count == 1_200)
                        return page.items.count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts == Array(repeating: 1_000, count: 12))
        }
    }
}
