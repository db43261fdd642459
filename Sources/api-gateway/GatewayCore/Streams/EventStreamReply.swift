import HTTPTypes
import Hummingbird
import WireProtocol

/// Passes a worker's event stream on; anything else the worker says is an answer like any other.
enum EventStreamReply {
    static func response(
        _ answer: WorkerResponse, in place: EventStreams.Place, to request: ClientRequest
    ) -> ClientResponse {
        guard case .stream(let parts) = answer.body else { return WorkerReply.response(answer, to: request) }
        let headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-cache", .connection: "keep-alive",
            .accelBuffering: "no",
        ]
        return ClientResponse(
            status: .init(code: answer.status), headers: headers,
            body: ResponseBody(asyncSequence: place.relay(parts)))
    }
}
