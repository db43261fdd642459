import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Keeps one HTTP/1 connection honest, between the parser, whose messages it makes the framework's, and the framework: time
/// limits against slow and idle clients, `Connection: close` on both sides, a refused body that is dropped, and JSON for what
/// the parser refuses. Lives on the connection's event loop.
///
/// The idle time is the framework's `HTTPConnectionStateHandler`'s matter elsewhere; here another handler that takes each
/// message out of its box and puts it into one again would be a fifteenth of a request.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: ConnectionLimits
    private let roster: ConnectionRoster

    /// Requests whose answer has not been sent whole.
    private var unanswered = 0
    private var headsRead = 0
    private var headsWritten = 0
    private var isReadingRequest = false
    /// Bytes have come that no head was made of yet.
    private var awaitsHead = false
    /// The request, by number, after which the client wants the connection closed.
    private var lastRequest: Int?
    /// The service is ending: what is being answered is answered to its end, and nothing after it.
    private var isQuiescing = false
    /// The answer being written is the last one.
    private var closesAfterAnswer = false
    /// The last answer is out; what still comes is dropped.
    private var isClosing = false
    /// The framework's bodiless answer to a parse error has been replaced.
    private var hasReplacedAnswer = false
    private var bodyBytes = 0
    private var bodyStarted = NIODeadline.now()
    /// When a request came, or the last answer was out.
    private var lastActive = NIODeadline.now()

    private var headTimer: Scheduled<Void>?
    private var bodyTimer: Scheduled<Void>?
    private var stallTimer: Scheduled<Void>?
    private var lingerTimer: Scheduled<Void>?
    private var idleTimer: Scheduled<Void>?

    init(limits: ConnectionLimits, roster: ConnectionRoster) {
        self.limits = limits
        self.roster = roster
    }

    // MARK: What comes in

    func channelActive(context: ChannelHandlerContext) {
        startIdleTimer(context, after: limits.idleTimeout)
        context.fireChannelActive()
    }

    /// The client has sent something, which the parser has not seen yet.
    func bytesArrived() { awaitsHead = unanswered == 0 && !isReadingRequest }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isQuiescing = true
            if unanswered == 0 { context.close(promise: nil) }
        case ChannelEvent.inputClosed where isClosing:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = Self.unwrapInboundIn(data)
        guard !isClosing else { return drop(part, context) }
        switch part {
        case .head(let head):
            begin(head, context)
            do {
                context.fireChannelRead(Self.wrapInboundOut(.head(try HTTPMessages.request(head))))
            } catch {
                context.fireErrorCaught(error)
            }
        case .body(let bytes):
            guard count(bytes, context) else { return }
            context.fireChannelRead(Self.wrapInboundOut(.body(bytes)))
        case .end:
            endRequest()
            // Nobody reads trailers.
            context.fireChannelRead(Self.wrapInboundOut(.end(nil)))
        }
    }

    /// Clocks run only for what one read left unfinished: nearly all requests come whole.
    func channelReadComplete(context: ChannelHandlerContext) {
        if !isClosing {
            if awaitsHead, headTimer == nil { startHeadTimer(context) }
            if isReadingRequest, bodyTimer == nil { startBodyTimer(context, after: limits.bodyTimeout) }
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError {
            awaitsHead = false
            endRequest()
            stop(&headTimer)
            guard !isClosing else { return context.close(promise: nil) }
        }
        context.fireErrorCaught(error)
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        stop(&headTimer)
        awaitsHead = false
        headsRead += 1
        unanswered += 1
        isReadingRequest = true
        bodyBytes = 0
        bodyStarted = .now()
        lastActive = bodyStarted
        if !head.isKeepAlive { lastRequest = lastRequest ?? headsRead }
        if unanswered == 1, Self.wantsContinue(head) {
            let proceed = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(Self.wrapOutboundOut(.head(proceed)), promise: nil)
        }
    }

    private func endRequest() {
        isReadingRequest = false
        stop(&bodyTimer)
    }

    /// False, and the connection closed, when a body goes on long after it was refused or answered.
    private func count(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        bodyBytes += bytes.readableBytes
        lastActive = .now()
        guard bodyBytes > 2 * ConnectionLimits.maximumBodyBytes else { return true }
        isClosing = true
        context.close(promise: nil)
        return false
    }

    private func drop(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        if case .end = part { context.close(promise: nil) }
    }

    /// A body that would be refused is not asked for.
    private static func wantsContinue(_ head: HTTPRequestHead) -> Bool {
        guard head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) else { return false }
        guard let length = head.headers.first(name: "content-length") else { return true }
        return Int(length).map { $0 <= ConnectionLimits.maximumBodyBytes } ?? false
    }

    // MARK: What goes out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isClosing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch Self.unwrapOutboundIn(data) {
        case .head(let response): writeHead(response, context, promise)
        case .body(let bytes): context.write(Self.wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end: writeEnd(context, promise)
        }
    }

    private func writeHead(
        _ response: HTTPResponse, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        headsWritten += 1
        guard unanswered > 0 else {
            // Nobody asked: this is the framework's word on bytes that were no request.
            hasReplacedAnswer = true
            writeProblem(.malformedRequest, context)
            promise?.succeed()
            return
        }
        var response = response
        let isLast = roster.isDraining || lastRequest == headsWritten
        if isLast { response.headerFields[.connection] = "close" }
        closesAfterAnswer = isLast || response.headerFields[.connection]?.lowercased() == "close"
        context.write(Self.wrapOutboundOut(.head(HTTPMessages.head(response))), promise: promise)
    }

    private func writeEnd(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let end = Self.wrapOutboundOut(.end(nil))
        if hasReplacedAnswer {
            context.writeAndFlush(end, promise: promise)
            return finish(context)
        }
        unanswered -= 1
        guard closesAfterAnswer || isQuiescing && unanswered == 0 else {
            lastActive = .now()
            if idleTimer == nil { startIdleTimer(context, after: limits.idleTimeout) }
            return context.write(end, promise: promise)
        }
        context.writeAndFlush(end, promise: promise)
        finish(context)
    }

    /// Closes, but first lets a client that is still sending its body read our answer: closing with unread bytes
    /// in the socket would reset the connection under it.
    private func finish(_ context: ChannelHandlerContext) {
        isClosing = true
        stop(&headTimer)
        stop(&bodyTimer)
        guard isReadingRequest else { return context.close(promise: nil) }
        context.close(mode: .output, promise: nil)
        lingerTimer = schedule(limits.lingerTimeout, context) { context in context.close(promise: nil) }
    }

    private func writeProblem(_ problem: Problem, _ context: ChannelHandlerContext) {
        let body = problem.body
        let response = HTTPResponse(
            status: .init(code: problem.status),
            headerFields: [
                .contentType: JSONReply.contentType, .contentLength: String(body.readableBytes), .connection: "close",
                .correlationID: CorrelationID.make(),
            ])
        context.write(Self.wrapOutboundOut(.head(HTTPMessages.head(response))), promise: nil)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }

    // MARK: Time

    private func startHeadTimer(_ context: ChannelHandlerContext) {
        headTimer = schedule(limits.headTimeout, context) { [self] context in
            headTimer = nil
            guard unanswered == 0, !isReadingRequest, !isClosing else { return }
            refuse(.slowRequest, context)
        }
    }

    private func startBodyTimer(_ context: ChannelHandlerContext, after delay: Duration) {
        bodyTimer = schedule(delay, context) { [self] context in
            bodyTimer = nil
            guard isReadingRequest, !isClosing else { return }
            let earned = TimeAmount.seconds(Int64(bodyBytes / ConnectionLimits.bodyBytesPerSecond))
            let left = bodyStarted + TimeAmount(limits.bodyTimeout) + earned - .now()
            if left > .zero {
                startBodyTimer(context, after: Duration(left))
            } else if headsWritten < headsRead, unanswered == 1 {
                refuse(.slowRequest, context)
            } else {
                context.close(promise: nil)
            }
        }
    }

    /// One timer for all requests of the connection, which looks anew how long it has been idle.
    private func startIdleTimer(_ context: ChannelHandlerContext, after delay: Duration) {
        idleTimer = schedule(delay, context) { [self] context in
            idleTimer = nil
            // A client that waits for its answer is not idle; the end of the answer starts the timer.
            guard unanswered == 0 || isReadingRequest else { return }
            let left = lastActive + TimeAmount(limits.idleTimeout) - .now()
            if left > .zero { startIdleTimer(context, after: Duration(left)) } else { context.close(promise: nil) }
        }
    }

    private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
        writeProblem(problem, context)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        isReadingRequest = false
        finish(context)
    }

    /// A client that takes no byte for long enough loses the connection.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stop(&stallTimer)
        if !context.channel.isWritable {
            stallTimer = schedule(limits.bodyTimeout, context) { context in context.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    private func schedule(
        _ delay: Duration, _ context: ChannelHandlerContext, _ action: @escaping (ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { action(context) }
    }

    private func stop(_ timer: inout Scheduled<Void>?) {
        timer?.cancel()
        timer = nil
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop(&headTimer)
        stop(&bodyTimer)
        stop(&stallTimer)
        stop(&lingerTimer)
        stop(&idleTimer)
    }
}
