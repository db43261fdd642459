import Logging
import NIOCore

/// Takes one request to its handler and the answer back to the connection.
struct AnswerDelivery: Sendable {
    let number: UInt64
    let connection: NIOLoopBound<WireServerConnection>
    let logger: Logger

    @concurrent func deliver(_ request: Request, _ handler: WireServer.Handler) async {
        let response = await handler(request)
        let last: Frame
        switch response.body {
        case .bytes(let body): last = Frame(header: response.header(number: number), body: body)
        case .stream(let parts): last = await send(parts, of: response)
        }
        onLoop { $0.finish(number, with: last) }
    }

    /// Sends the parts as far as the receiver has room; returns the frame that ends the stream.
    private func send(_ parts: AsyncThrowingStream<ByteBuffer, any Error>, of response: Response) async -> Frame {
        let credit = StreamCredit(initial: WireLimits.initialStreamCredit)
        let opening = Frame(header: response.header(number: number, kind: .part))
        onLoop { $0.open(number, credit, opening) }
        do {
            // An empty part says nothing, and only the opening may be empty.
            for try await part in parts where part.readableBytes > 0 {
                guard part.readableBytes <= WireLimits.maximumBodyBytes else {
                    throw WireError(.bodyTooLong, "part of \(part.readableBytes) bytes")
                }
                guard await credit.take(), !Task.isCancelled else { break }
                var header = FrameHeader(kind: .part, number: number)
                header.status = response.status
                let frame = Frame(header: header, body: part)
                onLoop { $0.send(frame) }
            }
            return Frame(header: response.header(number: number))
        } catch {
            if !Task.isCancelled { logger.error("answer stream broke off", metadata: ["error": "\(error)"]) }
            return Frame(header: Response(status: 500, code: Response.streamBrokenCode).header(number: number))
        }
    }

    private func onLoop(_ body: @escaping @Sendable (WireServerConnection) -> Void) {
        connection.eventLoop.executeOrRun { [connection] in body(connection.value) }
    }
}
