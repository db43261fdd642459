import NIOCore

/// The calls under way on one connection. Lives on its event loop.
final class WireCalls: ChannelInboundHandler {
    typealias InboundIn = Frame
    typealias OutboundOut = Frame

    private struct Pending {
        var ticket: CallTicket
        var continuation: CheckedContinuation<Response, any Error>
        var deadline: Scheduled<Void>
    }

    private var pending: [UInt64: Pending] = [:]
    private var streams: [UInt64: AsyncThrowingStream<ByteBuffer, any Error>.Continuation] = [:]
    /// Calls that were cancelled before they began; a cancellation may overtake its call.
    private var cancelledEarly: Set<ObjectIdentifier> = []
    private var nextNumber: UInt64 = 1
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func begin(_ request: Request, ticket: CallTicket, continuation: CheckedContinuation<Response, any Error>) {
        guard cancelledEarly.remove(ObjectIdentifier(ticket)) == nil else {
            return continuation.resume(throwing: CancellationError())
        }
        guard let context, context.channel.isActive else {
            return continuation.resume(throwing: WireError(.unreachable, "the connection is closed"))
        }
        guard pending.count + streams.count < WireLimits.maximumInFlight else {
            return continuation.resume(
                throwing: WireError(.overloaded, "\(WireLimits.maximumInFlight) requests are under way"))
        }
        let number = nextNumber
        nextNumber += 1
        let frame = request.frame(number: number)
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let timeout = TimeAmount.milliseconds(max(1, request.timeout.wholeMilliseconds))
        let (operation, allowed) = (request.operation, request.timeout)
        let deadline = context.eventLoop.scheduleTask(in: timeout) {
            connection.value.giveUp(
                number, WireError(.deadlineExceeded, "no answer to \(operation) within \(allowed)"))
        }
        pending[number] = Pending(ticket: ticket, continuation: continuation, deadline: deadline)
        context.writeAndFlush(Self.wrapOutboundOut(frame)).whenFailure { error in
            connection.value.giveUp(number, error)
        }
    }

    func cancel(_ ticket: CallTicket) {
        if let number = pending.first(where: { $0.value.ticket === ticket })?.key {
            giveUp(number, CancellationError())
        } else {
            cancelledEarly.insert(ObjectIdentifier(ticket))
            if cancelledEarly.count > WireLimits.maximumInFlight { cancelledEarly.removeAll() }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        let number = frame.header.number
        switch frame.header.kind {
        case .answer:
            if let call = take(number) {
                call.continuation.resume(returning: Response(header: frame.header, body: .bytes(frame.body)))
            } else if let stream = streams.removeValue(forKey: number) {
                let broken = (frame.header.status ?? 500) >= 500
                stream.finish(throwing: broken ? WireError(.connectionClosed, "the stream broke off") : nil)
            }
        case .part:
            if let call = take(number) {
                call.continuation.resume(
                    returning: Response(header: frame.header, body: .stream(openStream(number, context))))
            }
            if frame.body.readableBytes > 0 { streams[number]?.yield(frame.body) }
        case .request, .cancel, .credit, .control:
            errorCaught(
                context: context,
                error: WireError(.unexpectedFrame, "a client received a \(frame.header.kind.rawValue) frame"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failAll(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        failAll(WireError(.connectionClosed, "the connection ended before the answer"))
        self.context = nil
        context.fireChannelInactive()
    }

    private func take(_ number: UInt64) -> Pending? {
        guard let call = pending.removeValue(forKey: number) else { return nil }
        call.deadline.cancel()
        return call
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

    private func sendCancel(_ number: UInt64) {
        context?.writeAndFlush(
            Self.wrapOutboundOut(Frame(header: FrameHeader(kind: .cancel, number: number))), promise: nil)
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

    private func sendCredit(_ number: UInt64) {
        guard streams[number] != nil else { return }
        var header = FrameHeader(kind: .credit, number: number)
        header.credit = 1
        context?.writeAndFlush(Self.wrapOutboundOut(Frame(header: header)), promise: nil)
    }
}

/// Holds the iterator that the outer stream's closure draws from, one reader at a time.
private actor PartReader {
    private var iterator: AsyncThrowingStream<ByteBuffer, any Error>.AsyncIterator?

    init(_ parts: AsyncThrowingStream<ByteBuffer, any Error>) { iterator = parts.makeAsyncIterator() }

    func next() async throws -> ByteBuffer? {
        guard var taken = iterator else { return nil }
        iterator = nil
        let part = try await taken.next(isolation: self)
        iterator = taken
        return part
    }
}
