import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Puts one answer together, its body in one buffer that has room for all that is announced from the start: lists are
/// megabytes, and growing towards that copies all of it again and again.
final class AnswerCollector: HTTPClientResponseDelegate {
    private struct State {
        var head: HTTPResponseHead?
        var announced = 0
        var body = ByteBuffer()
    }

    private let maximumBodyBytes: Int
    private let state = Mutex(State())

    /// - Parameter maximumBodyBytes: A body that is larger, or is announced to be, fails with `NIOTooManyBytesError`.
    init(maximumBodyBytes: Int) { self.maximumBodyBytes = maximumBodyBytes }

    func didReceiveHead(task: HTTPClient.Task<HTTPAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let announced = max(0, head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0)
        guard announced <= maximumBodyBytes else { return tooLarge(task) }
        state.withLock { $0 = State(head: head, announced: announced) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<HTTPAnswer>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = state.withLock { state in
            guard state.body.readableBytes + buffer.readableBytes <= maximumBodyBytes else { return false }
            if state.body.readableBytes == 0 {
                // Most answers are one part.
                if buffer.readableBytes >= state.announced {
                    state.body = buffer
                    return true
                }
                state.body.reserveCapacity(state.announced)
            }
            state.body.writeImmutableBuffer(buffer)
            return true
        }
        return fits ? task.eventLoop.makeSucceededVoidFuture() : tooLarge(task)
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPAnswer>) throws -> HTTPAnswer {
        try state.withLock { state in
            guard let head = state.head else { throw HTTPClientError.remoteConnectionClosed }
            return HTTPAnswer(status: Int(head.status.code), headers: head.headers, body: state.body)
        }
    }

    private func tooLarge(_ task: HTTPClient.Task<HTTPAnswer>) -> EventLoopFuture<Void> {
        task.eventLoop.makeFailedFuture(NIOTooManyBytesError(maxBytes: maximumBodyBytes))
    }
}
