import EventLoopTasks
import Logging
import NIOCore

/// One connection of a ``WireServer``: requests in, answers out in any order. Lives on its event loop.
final class WireServerConnection: ChannelInboundHandler {
    typealias InboundIn = Frame
    typealias OutboundOut = ByteBuffer

    private let handler: WireServer.Handler
    private let registry: ConnectionRegistry
    private let logger: Logger
    private struct Handling {
        let operation: String
        let task: Task<Void, Never>
    }
    private var tasks: [UInt64: Handling] = [:]
    private var credits: [UInt64: StreamCredit] = [:]
    private var context: ChannelHandlerContext?
    private let flush = TurnFlush()
    /// Runs handlers on the connection's own event loop.
    private var executor: EventLoopTaskExecutor?
    private var isDraining = false
    /// The peer broke the protocol: nothing more that it says counts.
    private var isBroken = false
    /// Frames that the socket has not taken yet. Closing now would lose them.
    private var unsent = 0

    init(handler: @escaping WireServer.Handler, registry: ConnectionRegistry, logger: Logger) {
        self.handler = handler
        self.registry = registry
        self.logger = logger
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        flush.attach(context)
        executor = EventLoopTaskExecutor(context.eventLoop)
        if registry.add(self, channel: context.channel) { drain() }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        let frame = Self.unwrapInboundIn(data)
        switch frame.header.kind {
        case .request: begin(frame, context)
        case .cancel: tasks[frame.header.number]?.task.cancel()
        case .credit: credits[frame.header.number]?.add(frame.header.credit ?? 0)
        case .answer, .part, .control:
            fail(WireError(.unexpectedFrame, "a server received a \(frame.header.kind.rawValue) frame"), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error, context) }

    func channelInactive(context: ChannelHandlerContext) {
        for handling in tasks.values { handling.task.cancel() }
        for credit in credits.values { credit.end() }
        self.context = nil
        flush.attach(nil)
        registry.remove(self)
        context.fireChannelInactive()
    }

    /// Answers what is under way, then closes.
    func drain() {
        isDraining = true
        closeWhenIdle()
    }

    /// Closes at once; what is under way is cancelled.
    func close() {
        // Answers that ended in this turn of the loop are not out yet.
        context?.flush()
        context?.close(promise: nil)
    }

    /// The same, and says whom it hits.
    func cutOff() {
        if !tasks.isEmpty {
            let operations = Set(tasks.values.map(\.operation)).sorted().joined(separator: ", ")
            logger.warning(
                "requests did not end in time and are cut off",
                metadata: ["count": "\(tasks.count)", "operation": "\(operations)"])
        }
        close()
    }

    private func begin(_ frame: Frame, _ context: ChannelHandlerContext) {
        let number = frame.header.number
        guard let request = Request(frame), tasks[number] == nil else {
            return fail(WireError(.unexpectedFrame, "request \(number) has no operation or is under way"), context)
        }
        guard tasks.count < WireLimits.maximumInFlight, !isDraining else {
            let refusal = Response(status: 503, code: isDraining ? "draining" : "overloaded", retryAfterSeconds: 1)
            return send(Frame(header: refusal.header(number: number)))
        }
        let delivery = AnswerDelivery(
            number: number, connection: NIOLoopBound(self, eventLoop: context.eventLoop), logger: logger)
        let handler = self.handler
        registry.requestBegan()
        // Unstructured because a channel handler is a callback; ended by the handler's return, by a cancel frame,
        // or by the connection's end (channelInactive).
        tasks[number] = Handling(
            operation: request.operation,
            task: Task(executorPreference: executor) { await delivery.deliver(request, handler) })
    }

    /// Remembers how much the receiver of a streamed answer can take, and sends the answer's opening.
    func open(_ number: UInt64, _ credit: StreamCredit, _ opening: Frame) {
        guard tasks[number] != nil else { return credit.end() }
        credits[number] = credit
        send(opening)
    }

    /// Sends the frame that ends the answer.
    func finish(_ number: UInt64, with frame: Frame) {
        guard tasks.removeValue(forKey: number) != nil else { return }
        credits.removeValue(forKey: number)?.end()
        send(frame)
        registry.requestEnded()
        if isDraining { closeWhenIdle() }
    }

    func send(_ frame: Frame) {
        guard let context else { return }
        unsent += 1
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.write(Self.wrapOutboundOut(bytes(of: frame, context))).whenComplete { _ in
            connection.value.sent()
        }
        flush.request()
    }

    /// The frame as bytes, or in place of one that is too long an answer that says so: the asker must not wait, and
    /// the other answers of the connection must not suffer.
    private func bytes(of frame: Frame, _ context: ChannelHandlerContext) -> ByteBuffer {
        var bytes = context.channel.allocator.buffer(capacity: 256 + frame.body.readableBytes)
        do {
            try FrameCodec.encode(frame, into: &bytes)
        } catch {
            logger.error("answer too long for the wire", metadata: ["error": "\(error)"])
            let refusal = Response(status: 500, code: "answerTooLong")
            // A header of this size is never over the limit.
            try? FrameCodec.encode(Frame(header: refusal.header(number: frame.header.number)), into: &bytes)
        }
        return bytes
    }

    private func sent() {
        unsent -= 1
        if isDraining { closeWhenIdle() }
    }

    private func closeWhenIdle() {
        guard tasks.isEmpty, unsent == 0 else { return }
        close()
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        isBroken = true
        logger.warning("wire connection closed", metadata: ["error": "\(error)"])
        // Answers to what came before are good.
        context.flush()
        context.close(promise: nil)
    }
}
