import NIOCore
import Synchronization
import WireProtocol

/// Collects the frames that a channel receives.
final class FrameInbox: Sendable {
    private struct State {
        var frames: [Frame] = []
        var isEnded = false
        var waiter: CheckedContinuation<Frame?, Never>?
    }
    private let state = Mutex(State())

    var count: Int { state.withLock(\.frames.count) }

    func install(in channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers(
                ByteToMessageHandler(FrameDecoder()), Collector(inbox: self))
        }
    }

    func next() async -> Frame? {
        await withCheckedContinuation { continuation in
            let ready: Frame?? = state.withLock { state in
                if !state.frames.isEmpty { return .some(state.frames.removeFirst()) }
                if state.isEnded { return .some(nil) }
                state.waiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    private func put(_ frame: Frame?) {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if frame == nil { state.isEnded = true }
            if let frame, state.waiter == nil { state.frames.append(frame) }
            return state.waiter
        }
        waiter?.resume(returning: frame)
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = Frame
        private let inbox: FrameInbox

        init(inbox: FrameInbox) { self.inbox = inbox }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { inbox.put(Self.unwrapInboundIn(data)) }

        func channelInactive(context: ChannelHandlerContext) { inbox.put(nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
