import EventLoopTasks
import Glibc
import NIOCore
import NIOPosix
import Storage

/// The thread on which a worker's polls run from beginning to end: an event loop that also holds the connections to
/// TorBox, and may wait for a disk. So a poll neither changes threads for its calls nor for its user's file.
///
/// Work that is on the lane delays other polls, and nobody else: requests are answered on other threads. One for each
/// worker: who has more cores has more workers.
final class PollLane: Sendable {
    /// The process's lane. Started at the first use, never ended.
    static let shared = PollLane()

    let group: MultiThreadedEventLoopGroup
    let executor: any TaskExecutor

    private init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        // Before anything else gets there.
        loop.execute {
            WaitingThread.markCurrent()
            Self.giveWay()
        }
        executor = EventLoopTaskExecutor(loop)
    }

    /// Lets requests go first: people wait for them, and a poll may take a moment longer. Five steps of niceness are a third of
    /// the share that others have.
    private static func giveWay() {
        // On Linux this process means this thread.
        let thread = __priority_which_t(PRIO_PROCESS.rawValue)
        setpriority(thread, 0, getpriority(thread, 0) + 5)
    }
}
