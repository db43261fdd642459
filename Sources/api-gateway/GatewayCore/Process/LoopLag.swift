import NIOCore

/// How long work waits for its turn on the event loops.
enum LoopLag {
    /// The longest that a task submitted now waits on any loop.
    static func measure(_ group: any EventLoopGroup) async -> Duration {
        let submitted = ContinuousClock.now
        var longest = Duration.zero
        for answer in group.makeIterator().map({ $0.submit { ContinuousClock.now } }) {
            // A loop that refuses tasks is shutting down; it lags no more.
            guard let ran = try? await answer.get() else { continue }
            longest = max(longest, submitted.duration(to: ran))
        }
        return longest
    }
}
