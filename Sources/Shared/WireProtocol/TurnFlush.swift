import NIOCore

/// Has what a turn of the loop writes to a connection leave in one piece at the turn's end: one call of the system for all
/// frames of all requests that came in it, and one waking of whoever reads them. Lives on the connection's event loop.
final class TurnFlush {
    private var context: ChannelHandlerContext?
    private var isDue = false

    /// From now on writes go to that handler's channel; nil when it is gone.
    func attach(_ context: ChannelHandlerContext?) { self.context = context }

    /// Flushes when the loop has done what it is at.
    func request() {
        guard !isDue, let context else { return }
        isDue = true
        context.eventLoop.assumeIsolated().execute {
            self.isDue = false
            self.context?.flush()
        }
    }
}
