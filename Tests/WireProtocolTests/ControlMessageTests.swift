import DomainModel
import NIOCore
import Sharding
import Testing
import WireProtocol

@Suite struct ControlMessageTests {
    static let every: [ControlMessage] = [
        .hello(ChildGreeting(role: "gateway", index: 0, pid: .max, version: "1.0.0")),
        .ready, .alive(ChildHealth()),
        .alive(ChildHealth(loopLagMilliseconds: .max, gauges: ["requests": -1, "users": .max])),
        .released(slots: [Slot(0), Slot(255)], epoch: .max), .released(slots: [], epoch: 0), .drained,
        .failed(reason: "cannot open \"a\"\n\u{0}"), .assign(SlotMap(workers: 256, epoch: 9)),
        .release(slots: Slot.all, epoch: 2), .drain, .retire, .liftBreaker,
    ]

    @Test("every message is read back as it was", arguments: every)
    func roundTrip(message: ControlMessage) throws {
        var bytes = ByteBuffer()
        try FrameCodec.encode(try message.frame(), into: &bytes)
        let frame = try #require(try FrameCodec.decode(from: &bytes))
        #expect(try ControlMessage(frame) == message)
    }

    private static func control(_ name: String?, _ body: String = "") -> Frame {
        var header = FrameHeader(kind: .control, number: 0)
        header.operation = name
        return Frame(header: header, body: ByteBuffer(string: body))
    }

    @Test(
        "anything else is a typed error that names the message",
        arguments: [
            control(nil), control("sing"), control("hello"), control("hello", "{}"), control("alive", "[]"),
            control("release", #"{"slots":[256],"epoch":1}"#), control("released", #"{"slots":[-1],"epoch":1}"#),
            control("assign", #"{"epoch":1,"ranges":[]}"#), control("failed", "{"), .request(1),
        ])
    func refused(frame: Frame) throws {
        let error = try #require(throws: WireError.self) { _ = try ControlMessage(frame) }
        #expect(error.code == .unexpectedFrame)
        if frame.header.kind == .control { #expect(error.message.contains(frame.header.operation ?? "control")) }
    }
}
