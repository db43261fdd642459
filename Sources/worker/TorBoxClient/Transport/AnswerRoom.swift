import NIOCore
import Synchronization

/// Room for large answers, bounded over all calls of a client. Lists are megabytes and are read one after the other; a
/// dozen of them that arrive at once would only wait in memory. Those without a place wait at their sender's.
final class AnswerRoom: Sendable {
    /// From here on an answer is large. In bytes; a list of some 200 downloads.
    static let largeBytes = 256 << 10
    /// Then an answer is taken although there is no room: others that arrive drop by drop must not hold it up for long.
    static let patience: TimeAmount = .seconds(2)

    /// One answer's place, from before its body is taken to when the answer is let go.
    final class Place: Sendable {
        fileprivate let ticket: Int
        private let room: AnswerRoom
        private let space = Mutex(ByteBuffer())

        fileprivate init(_ ticket: Int, in room: AnswerRoom) {
            self.ticket = ticket
            self.room = room
        }

        deinit { room.leave(ticket, space.withLock { $0 }) }

        /// A buffer for the body, one that was used before if there is one.
        func takeSpace() -> ByteBuffer { room.takeSpace() }

        /// The body has become that large: more than it was announced with, if it was.
        func cover(_ bytes: Int) { room.cover(ticket, bytes) }

        /// Leaves the body's memory to whoever comes next, when the answer is let go.
        func leave(_ body: ByteBuffer) { space.withLock { $0 = body } }
    }

    private struct Waiter {
        var ticket: Int
        var bytes: Int
        var admission: EventLoopPromise<Void>
    }

    private struct State {
        var nextTicket = 0
        var held: [Int: Int] = [:]
        var heldBytes = 0
        var waiting: [Waiter] = []
        var spare: [ByteBuffer] = []

        mutating func admitWaiter(at index: Int) -> EventLoopPromise<Void> {
            let waiter = waiting.remove(at: index)
            held[waiter.ticket] = waiter.bytes
            heldBytes += waiter.bytes
            return waiter.admission
        }
    }

    private let bytes: Int
    private let state = Mutex(State())

    /// - Parameter bytes: What large answers may take together; one may be larger by itself. Kept for the next ones. Two lists of
    ///   1,000 downloads: one that arrives while the other is read.
    init(bytes: Int = 3 << 20) { self.bytes = bytes }

    var heldBytes: Int { state.withLock { $0.heldBytes } }

    /// First come, first served. The body may be taken when the future is fulfilled.
    func enter(_ bytes: Int, on loop: any EventLoop) -> (place: Place, admission: EventLoopFuture<Void>) {
        let admission = loop.makePromise(of: Void.self)
        let (ticket, admitted) = state.withLock { state in
            state.nextTicket += 1
            state.waiting.append(Waiter(ticket: state.nextTicket, bytes: bytes, admission: admission))
            return (state.nextTicket, admit(&state))
        }
        admitted.forEach { $0.succeed() }
        let future = admission.futureResult
        if isWaiting(ticket) {
            let bell = loop.scheduleTask(in: Self.patience) { [weak self] in self?.admitAnyway(ticket) }
            future.whenComplete { _ in bell.cancel() }
        }
        return (Place(ticket, in: self), future)
    }

    private func isWaiting(_ ticket: Int) -> Bool {
        state.withLock { state in state.waiting.contains { $0.ticket == ticket } }
    }

    private func admitAnyway(_ ticket: Int) {
        let admission = state.withLock { state in
            state.waiting.firstIndex { $0.ticket == ticket }.map { state.admitWaiter(at: $0) }
        }
        admission?.succeed()
    }

    private func admit(_ state: inout State) -> [EventLoopPromise<Void>] {
        var admitted: [EventLoopPromise<Void>] = []
        while let next = state.waiting.first, state.held.isEmpty || state.heldBytes + next.bytes <= bytes {
            admitted.append(state.admitWaiter(at: 0))
        }
        return admitted
    }

    private func leave(_ ticket: Int, _ space: ByteBuffer) {
        let (given, admitted): (EventLoopPromise<Void>?, [EventLoopPromise<Void>]) = state.withLock { state in
            if let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) {
                return (state.waiting.remove(at: index).admission, admit(&state))
            }
            state.heldBytes -= state.held.removeValue(forKey: ticket) ?? 0
            keep(space, in: &state)
            return (nil, admit(&state))
        }
        given?.fail(CancellationError())
        // Not from within here: the answer that leaves still holds the memory that the next one is to have.
        for admission in admitted { admission.futureResult.eventLoop.execute { admission.succeed() } }
    }

    private func cover(_ ticket: Int, _ bytes: Int) {
        state.withLock { state in
            guard let held = state.held[ticket], held < bytes else { return }
            state.held[ticket] = bytes
            state.heldBytes += bytes - held
        }
    }

    private func takeSpace() -> ByteBuffer {
        state.withLock { $0.spare.popLast() } ?? ByteBuffer()
    }

    private func keep(_ space: ByteBuffer, in state: inout State) {
        // By what was written to: memory beyond that was never touched and is none.
        let kept = state.spare.reduce(0) { $0 + $1.writerIndex }
        guard space.writerIndex > 0, kept + space.writerIndex <= bytes else { return }
        state.spare.append(space)
    }
}
