import Logging
import NIOCore

/// One connection of a ``WireServer``: requests in, answers out in any order. Lives on its event loop.
final class WireServerConnection: ChannelInboundHandler {
    typealias InboundIn = Frame
    typealias OutboundOut = Frame

    private let handler: WireServer.Handler
    private let registry: ConnectionRegistry
    private let logger: Logger
    private var tasks: [UInt64: Task<Void, Never>] = [:]
    private var credits: [UInt64: StreamCredit] = [:]
    private var context: ChannelHandlerContext?
    private var isDraining = false

    init(handler: @escaping WireServer.Handler, registry: ConnectionRegistry, logger: Logger) {
        self.handler = handler
        self.registry = registry
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        registry.add(self, channel: context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.header.kind {
        case .request: begin(frame, context)
        case .cancel: tasks[frame.header.number]?.cancel()
        case .credit: credits[frame.header.number]?.add(frame.header.credit ?? 0)
        case .answer, .part, .control:
            fail(WireError(.unexpectedFrame, "a server received a \(frame.header.kind.rawValue) frame"), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error, context) }

    func channelInactive(context: ChannelHandlerContext) {
        for task in tasks.values { task.cancel() }
        for credit in credits.values { credit.end() }
        self.context = nil
        registry.remove(self)
        context.fireChannelInactive()
    }

    /// Answers what is under way, then closes.
    func drain() {
        isDraining = true
        closeWhenIdle()
    }

    private func begin(_ frame: Frame, _ context: ChannelHandlerContext) {
        let number = frame.header.number
        guard let request = Request(frame), tasks[number] == nil else {
            return fail(WireError(.unexpectedFrame, "request \(number) has no operation or is under way"), context)
        }
        guard tasks.count < WireLimits.maximumInFlight, !isDraining else {
            let answer = Response(status: 503, code: isDraining ? "draining" : "overloaded", retryAfterSeconds: 1)
            return send(Frame(header: answer.header(number: number)))
        }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let handler = self.handler
        let loop = context.eventLoop
        registry.requestBegan()
        // Unstructured because a channel handler is a callback; ended by the handler's return, by a cancel frame,
        // or by the connection's end (channelInactive).
        tasks[number] = Task { @Sendable in
            await Self.answer(request, number: number, handler: handler, connection: connection, loop: loop)
        }
    }

    @concurrent private static func answer(
        _ request: Request, number: UInt64, handler: WireServer.Handler,
        connection: NIOLoopBound<WireServerConnection>, loop: any EventLoop
    ) async {
        let response = await handler(request)
        let last: Frame
        switch response.body {
        case .bytes(let body):
            last = Frame(header: response.header(number: number), body: body)
        case .stream(let parts):
            last = await stream(parts, of: response, number: number, connection: connection, loop: loop)
        }
        loop.execute { connection.value.finish(number, with: last) }
    }

    /// Sends the parts as far as the receiver has room; returns the frame that ends the stream.
    @concurrent private static func stream(
        _ parts: AsyncThrowingStream<ByteBuffer, any Error>, of response: Response, number: UInt64,
        connection: NIOLoopBound<WireServerConnection>, loop: any EventLoop
    ) async -> Frame {
        let credit = StreamCredit(initial: WireLimits.initialStreamCredit)
        let opening = Frame(header: response.header(number: number, kind: .part))
        loop.execute {
            connection.value.credits[number] = credit
            connection.value.send(opening)
        }
        do {
            for try await part in parts {
                guard await credit.take(), !Task.isCancelled else { break }
                var header = FrameHeader(kind: .part, number: number)
                header.status = response.status
                let frame = Frame(header: header, body: part)
                loop.execute { connection.value.send(frame) }
            }
            return Frame(header: response.header(number: number))
        } catch {
            let broken = Response(status: 500, code: "streamBroken")
            return Frame(header: broken.header(number: number))
        }
    }

    private func finish(_ number: UInt64, with frame: Frame) {
        guard tasks.removeValue(forKey: number) != nil else { return }
        credits.removeValue(forKey: number)?.end()
        registry.requestEnded()
        send(frame)
        if isDraining { closeWhenIdle() }
    }

    private func send(_ frame: Frame) {
        context?.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
    }

    private func closeWhenIdle() {
        guard tasks.isEmpty, let context else { return }
        context.close(promise: nil)
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        logger.warning("wire connection closed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }
}
