import NIOCore
import NIOEmbedded
import Testing

@testable import WireProtocol

@Suite struct TurnFlushTests {
    private final class FlushCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var flushes = 0
        func flush(context: ChannelHandlerContext) {
            flushes += 1
            context.flush()
        }
    }

    private final class Writer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let flush = TurnFlush()
        var context: ChannelHandlerContext?
        func handlerAdded(context: ChannelHandlerContext) {
            self.context = context
            flush.attach(context)
        }
        func channelInactive(context: ChannelHandlerContext) { flush.attach(nil) }
        func write(_ text: String) {
            context?.write(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            flush.request()
        }
    }

    @Test("what is written in one turn leaves in one piece at its end, and the next turn's in another")
    func once() throws {
        let (counter, writer, channel) = (FlushCounter(), Writer(), EmbeddedChannel())
        try channel.pipeline.syncOperations.addHandlers([counter, writer])
        for text in ["a", "b", "c"] { writer.write(text) }
        #expect(counter.flushes == 0)
        channel.embeddedEventLoop.run()
        #expect(counter.flushes == 1)
        var texts: [String] = []
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { texts.append(String(buffer: bytes)) }
        #expect(texts == ["a", "b", "c"])
        writer.write("d")
        channel.embeddedEventLoop.run()
        #expect(counter.flushes == 2)
    }

    @Test("a connection that ends before the turn does is let alone") func gone() throws {
        let (counter, writer, channel) = (FlushCounter(), Writer(), EmbeddedChannel())
        try channel.pipeline.syncOperations.addHandlers([counter, writer])
        try channel.connect(to: .init(unixDomainSocketPath: "/nowhere")).wait()
        writer.write("a")
        _ = try? channel.finish(acceptAlreadyClosed: true)
        channel.embeddedEventLoop.run()
        writer.flush.request()
        channel.embeddedEventLoop.run()
        #expect(counter.flushes == 0)
    }
}
