import DomainModel
import NIOCore
import WireProtocol

/// `/api/automation/events`: server-sent events, as one stream over the wire for each listener.
struct EventHandlers: Sendable {
    let hub: EventHub
    let ownership: SlotOwnership

    @concurrent func listen(_ context: RequestContext) async throws -> Response {
        guard let subscription = hub.subscribe(context.user) else {
            // As the wire says it of a stopping worker: the gateway asks the next owner.
            if hub.isClosed { return Response(status: 503, code: "draining", retryAfterSeconds: 1) }
            // Not 503: the frontend would give up for good.
            return Reply.failure(429, "Too many event streams", retryAfterSeconds: 10)
        }
        guard ownership.owns(context.user.slot) else {
            // The slot left after the request was let in: the router sends it on.
            subscription.end()
            throw CancellationError()
        }
        return Response(
            status: 200, contentType: "text/event-stream", body: .stream(EventText.stream(of: subscription)))
    }
}
