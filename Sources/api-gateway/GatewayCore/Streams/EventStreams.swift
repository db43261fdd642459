import NIOCore
import Synchronization
import WireProtocol

/// The event streams that clients hold open: how many there may be, and their common end when the gateway drains.
package final class EventStreams: Sendable {
    private struct State {
        var open = 0
        var isEnded = false
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }
    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: streams at a time; each holds a connection, so others must be left for requests.
    package init(limit: Int) { self.limit = limit }

    /// Streams open at the moment.
    package var count: Int { state.withLock(\.open) }

    /// Ends all streams in order, and those that come later at once: their clients come back to whoever takes over.
    package func end() {
        let waiters = state.withLock { state in
            state.isEnded = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// A place for one more stream. Throws ``Problem`` 429 when there is none: 503 would make the frontend give up.
    func reserve() throws(Problem) -> Place {
        let isTaken = state.withLock { state in
            guard state.open < limit else { return false }
            state.open += 1
            return true
        }
        guard isTaken else { throw .tooManyStreams }
        return Place(streams: self)
    }

    /// Counts as a stream for as long as it lives.
    final class Place: Sendable {
        private let streams: EventStreams

        fileprivate init(streams: EventStreams) { self.streams = streams }

        deinit { streams.state.withLock { $0.open -= 1 } }

        /// The parts until they end or the gateway drains.
        func relay(_ parts: AsyncThrowingStream<ByteBuffer, any Error>) -> AsyncThrowingStream<ByteBuffer, any Error> {
            let reader = PartReader(parts)
            return AsyncThrowingStream { [self] in try await streams.untilEnd { try await reader.next() } }
        }
    }

    /// Runs `body` until ``end()``, then cancels it and returns nil.
    private func untilEnd<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result?
    ) async throws -> Result? {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                await self.waitForEnd()
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func waitForEnd() async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isEnded || Task.isCancelled { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
