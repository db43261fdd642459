import HTTPTypes
import Hummingbird
import NIOCore

/// Turns requests into calls and decisions into bytes on the wire, or into the lack of them.
struct SimulatorResponder: HTTPResponder {
    typealias Context = ConnectionContext

    let core: SimulatorCore
    let control: ControlInterface

    /// More than the greatest upload, so that TOO_MUCH_DATA can be answered.
    private static let greatestBody = SimulatedAccount.greatestUpload + 1_000_000

    /// Ends the handling of a request whose connection is to be closed without an answer.
    private struct ConnectionClosed: Error {}

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        var request = request
        let body = try await request.collectBody(upTo: Self.greatestBody)
        let incoming = IncomingCall(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "",
            authorization: request.headers[.authorization], userAgent: request.headers[.userAgent],
            contentType: request.headers[.contentType], body: Array(body.readableBytesView))
        if incoming.path.hasPrefix("/_sim") { return response(control.answer(incoming)) }
        let decision = core.decide(incoming)
        return try await deliver(decision, channel: context.channel)
    }

    private func deliver(_ decision: Decision, channel: any Channel) async throws -> Response {
        let faults = decision.faults
        if faults.delayMilliseconds > 0 { try await Task.sleep(for: .milliseconds(faults.delayMilliseconds)) }
        if faults.hangs { try await waitForClose(of: channel) }
        if faults.hangs || faults.losesAnswer {
            try? await channel.close()  // The client may have closed it before; closed it is.
            throw ConnectionClosed()
        }
        guard let fraction = faults.cutFraction else { return response(decision.answer) }
        return cut(decision.answer, fraction: fraction)
    }

    /// Waits until the client gives up, or the simulator stops.
    private func waitForClose(of channel: any Channel) async throws {
        try await withTaskCancellationHandler {
            try await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func response(_ answer: Answer) -> Response {
        Response(
            status: .init(code: answer.status), headers: headers(answer),
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    /// Promises the whole body, sends a part, and closes.
    private func cut(_ answer: Answer, fraction: Double) -> Response {
        let kept = Int(Double(answer.body.count) * min(max(fraction, 0), 1))
        let part = ByteBuffer(bytes: answer.body.prefix(kept))
        let body = ResponseBody(contentLength: max(answer.body.count, kept + 1)) { writer in
            try await writer.write(part)
            throw ConnectionClosed()
        }
        return Response(status: .init(code: answer.status), headers: headers(answer), body: body)
    }

    private func headers(_ answer: Answer) -> HTTPFields {
        var fields: HTTPFields = [.contentType: answer.contentType]
        for line in answer.headers {
            guard let name = HTTPField.Name(line.name) else { continue }
            fields[name] = line.value
        }
        return fields
    }
}
