import AsyncHTTPClient
import ItemDecoding
import NIOCore
import NIOHTTP1
import Synchronization

/// Puts one answer together, its body in one buffer that has room for all that is announced from the start: lists are
/// megabytes, and growing towards that copies all of it again and again. Large ones take turns in the ``AnswerRoom``.
final class AnswerCollector: HTTPClientResponseDelegate {
    private struct State {
        var head: HTTPResponseHead?
        var announced = 0
        var body = ByteBuffer()
        var place: AnswerRoom.Place?
        /// Whether the body lies in memory that the place gave.
        var isInPlace = false
    }

    private let maximumBodyBytes: Int
    private let room: AnswerRoom
    private let state = Mutex(State())

    /// - Parameter maximumBodyBytes: A body that is larger, or is announced to be, fails with `NIOTooManyBytesError`.
    init(maximumBodyBytes: Int, room: AnswerRoom) {
        self.maximumBodyBytes = maximumBodyBytes
        self.room = room
    }

    func didReceiveHead(task: HTTPClient.Task<HTTPAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let announced = max(0, head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0)
        guard announced <= maximumBodyBytes else { return tooLarge(task) }
        state.withLock { $0 = State(head: head, announced: announced) }
        return announced < AnswerRoom.largeBytes
            ? task.eventLoop.makeSucceededVoidFuture() : enter(announced, task.eventLoop)
    }

    func didReceiveBodyPart(task: HTTPClient.Task<HTTPAnswer>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let length: Int? = state.withLock { state in
            let length = state.body.readableBytes + buffer.readableBytes
            guard length <= maximumBodyBytes else { return nil }
            // Most answers are one part.
            if state.body.readableBytes == 0, state.place == nil, buffer.readableBytes >= state.announced {
                state.body = buffer
            } else {
                Self.append(buffer, to: &state)
            }
            state.place?.cover(length)
            return state.place == nil ? length : 0
        }
        guard let length else { return tooLarge(task) }
        return length < AnswerRoom.largeBytes ? task.eventLoop.makeSucceededVoidFuture() : enter(length, task.eventLoop)
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPAnswer>) throws -> HTTPAnswer {
        try state.withLock { state in
            guard let head = state.head else { throw HTTPClientError.remoteConnectionClosed }
            if state.isInPlace { state.place?.leave(state.body) }
            return HTTPAnswer(
                status: Int(head.status.code), headers: head.headers, body: state.body, place: state.place)
        }
    }

    private static func append(_ part: ByteBuffer, to state: inout State) {
        if let place = state.place, !state.isInPlace {
            var space = place.takeSpace()
            space.clear(minimumCapacity: max(state.announced, state.body.readableBytes) + ItemDecoder.padding)
            space.writeImmutableBuffer(state.body)
            state.body = space
            state.isInPlace = true
        } else if state.body.readableBytes == 0 {
            state.body.reserveCapacity(state.announced)
        }
        state.body.writeImmutableBuffer(part)
    }

    private func enter(_ bytes: Int, _ loop: any EventLoop) -> EventLoopFuture<Void> {
        let (place, admission) = room.enter(bytes, on: loop)
        state.withLock { $0.place = place }
        return admission
    }

    private func tooLarge(_ task: HTTPClient.Task<HTTPAnswer>) -> EventLoopFuture<Void> {
        task.eventLoop.makeFailedFuture(NIOTooManyBytesError(maxBytes: maximumBodyBytes))
    }
}
