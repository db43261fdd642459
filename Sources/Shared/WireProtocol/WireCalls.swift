import NIOCore

/// The calls under way on one connection. Lives on its event loop.
final class WireCalls: ChannelInboundHandler {
    typealias InboundIn = Frame
    typealias OutboundOut = ByteBuffer

    private struct Pending {
        var continuation: CheckedContinuation<Response, any Error>
        var deadline: NIODeadline
        var operation: String
        var allowed: Duration
    }

    private var pending: [UInt64: Pending] = [:]
    private var streams: [UInt64: AsyncThrowingStream<ByteBuffer, any Error>.Continuation] = [:]
    private var nextNumber: UInt64 = 1
    private var context: ChannelHandlerContext?
    private let flush = TurnFlush()
    private let watch = DeadlineWatch()

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        flush.attach(context)
    }

    func begin(_ request: Request, ticket: CallTicket, continuation: CheckedContinuation<Response, any Error>) {
        let number = nextNumber
        guard ticket.begin(as: number) else { return continuation.resume(throwing: CancellationError()) }
        do {
            let context = try readyContext(for: request)
            let bytes = try Self.bytes(request.frame(number: number), context)
            nextNumber += 1
            let deadline = NIODeadline.now() + .milliseconds(max(1, request.timeout.wholeMilliseconds))
            pending[number] = Pending(
                continuation: continuation, deadline: deadline, operation: request.operation, allowed: request.timeout)
            expect(deadline, context)
            // What cannot be written ends the connection, and with it all its calls.
            context.write(Self.wrapOutboundOut(bytes), promise: nil)
            flush.request()
        } catch {
            continuation.resume(throwing: error)
        }
    }

    /// Gives the call up, or makes sure that it never begins.
    func cancel(_ ticket: CallTicket) {
        guard let number = ticket.cancel() else { return }
        giveUp(number, CancellationError())
    }

    /// Throws when the request cannot be sent at all.
    private func readyContext(for request: Request) throws -> ChannelHandlerContext {
        guard let context, context.channel.isActive else {
            throw WireError(.unreachable, "the connection is closed")
        }
        guard request.timeout > .zero else {
            throw WireError(.deadlineExceeded, "no time left to ask for \(request.operation)")
        }
        guard pending.count + streams.count < WireLimits.maximumInFlight else {
            throw WireError(.overloaded, "\(WireLimits.maximumInFlight) requests are under way")
        }
        return context
    }

    private func expect(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
        watch.expect(deadline, on: context.eventLoop.assumeIsolated()) { self.giveUpOverdue() }
    }

    private func giveUpOverdue() {
        let now = NIODeadline.now()
        for (number, call) in pending where call.deadline <= now {
            giveUp(
                number, WireError(.deadlineExceeded, "no answer to \(call.operation) within \(call.allowed)"))
        }
        guard let context, let next = pending.values.map(\.deadline).min() else { return }
        expect(next, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        let number = frame.header.number
        switch frame.header.kind {
        case .answer:
            if let call = take(number) {
                call.continuation.resume(returning: Response(header: frame.header, body: .bytes(frame.body)))
            } else if let stream = streams.removeValue(forKey: number) {
                let isBroken = frame.header.code == Response.streamBrokenCode
                stream.finish(throwing: isBroken ? WireError(.streamBroken, "the stream broke off") : nil)
            }
        case .part:
            if let call = take(number) {
                call.continuation.resume(
                    returning: Response(header: frame.header, body: .stream(openStream(number, context))))
                if frame.body.readableBytes > 0 { receive(frame.body, of: number) }
            } else {
                receive(frame.body, of: number)
            }
        case .request, .cancel, .credit, .control:
            errorCaught(
                context: context,
                error: WireError(.unexpectedFrame, "a client received a \(frame.header.kind.rawValue) frame"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failAll(Self.wireError(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        failAll(WireError(.connectionClosed, "the connection ended before the answer"))
        self.context = nil
        watch.stop()
        flush.attach(nil)
        context.fireChannelInactive()
    }

    private func take(_ number: UInt64) -> Pending? {
        pending.removeValue(forKey: number)
    }

    private func giveUp(_ number: UInt64, _ error: any Error) {
        guard let call = take(number) else { return }
        sendCancel(number)
        call.continuation.resume(throwing: error)
    }

    private func failAll(_ error: any Error) {
        for number in Array(pending.keys) { take(number)?.continuation.resume(throwing: error) }
        for stream in streams.values { stream.finish(throwing: error) }
        streams.removeAll()
    }

    private func receive(_ part: ByteBuffer, of number: UInt64) {
        guard let stream = streams[number] else { return }
        guard part.readableBytes > 0 else { return sendCredit(number) }
        guard case .dropped = stream.yield(part) else { return }
        streams[number] = nil
        stream.finish(throwing: WireError(.streamBroken, "the sender of the stream ignores how much there is room for"))
        sendCancel(number)
    }

    private func sendCancel(_ number: UInt64) { send(FrameHeader(kind: .cancel, number: number)) }

    private func sendCredit(_ number: UInt64) {
        guard streams[number] != nil else { return }
        var header = FrameHeader(kind: .credit, number: number)
        header.credit = 1
        send(header)
    }

    private func send(_ header: FrameHeader) {
        // A header of these few fields is never over the limit.
        guard let context, let bytes = try? Self.bytes(Frame(header: header), context) else { return }
        context.write(Self.wrapOutboundOut(bytes), promise: nil)
        flush.request()
    }

    private static func bytes(_ frame: Frame, _ context: ChannelHandlerContext) throws(WireError) -> ByteBuffer {
        var bytes = context.channel.allocator.buffer(capacity: 256 + frame.body.readableBytes)
        try FrameCodec.encode(frame, into: &bytes)
        return bytes
    }

    /// Callers switch over wire errors only; what the system says becomes the reason.
    private static func wireError(_ error: any Error) -> WireError {
        error as? WireError ?? WireError(.connectionClosed, "the connection broke: \(error)")
    }

    /// A stream whose every element that the reader takes makes room for another at the sender.
    private func openStream(
        _ number: UInt64, _ context: ChannelHandlerContext
    ) -> AsyncThrowingStream<ByteBuffer, any Error> {
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let (parts, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(WireLimits.initialStreamCredit * 2))
        continuation.onTermination = { reason in
            guard case .cancelled = reason else { return }
            loop.execute {
                guard connection.value.streams.removeValue(forKey: number) != nil else { return }
                connection.value.sendCancel(number)
            }
        }
        streams[number] = continuation
        let reader = PartReader(parts)
        return AsyncThrowingStream {
            let part = try await reader.next()
            if part != nil { loop.execute { connection.value.sendCredit(number) } }
            return part
        }
    }
}
