import Glibc
import NIOCore
import NIOPosix
import ServiceSupport
import Storage
import Synchronization
import WireProtocol

/// The threads on which polls run from beginning to end: each is an event loop that also holds connections to TorBox, and
/// may wait for a disk. So a poll neither changes threads for its calls nor for its user's file.
///
/// Work that is on a lane delays the other polls of that lane, and nobody else: requests are answered on other threads.
final class PollLanes: Sendable {
    private static let made = Mutex<[Int: PollLanes]>([:])

    /// The process's lanes, when that many workers share the machine. Started at the first use, never ended.
    static func shared(workers: Int) -> PollLanes {
        let count = count(processors: Processors.count, workers: workers)
        return made.withLock { made in
            let lanes = made[count] ?? PollLanes(count: count)
            made[count] = lanes
            return lanes
        }
    }

    /// A lane for each processor that falls to a worker, four at most: a lane is kept busy by polls alone, and has buffers of
    /// its own for reading lists.
    static func count(processors: Int, workers: Int) -> Int {
        min(4, max(1, (processors + workers - 1) / max(1, workers)))
    }

    let group: MultiThreadedEventLoopGroup
    private let lanes: [EventLoopTaskExecutor]
    private let turn = Atomic<Int>(0)

    private init(count: Int) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        lanes = group.makeIterator().map { loop in
            // Before anything else gets there.
            loop.execute {
                WaitingThread.markCurrent()
                Self.giveWay()
            }
            return EventLoopTaskExecutor(loop)
        }
    }

    /// Lets requests go first: people wait for them, and a poll may take a moment longer. Five steps of niceness are a third of
    /// the share that others have.
    private static func giveWay() {
        // On Linux this process means this thread.
        let thread = __priority_which_t(PRIO_PROCESS.rawValue)
        setpriority(thread, 0, getpriority(thread, 0) + 5)
    }

    /// For what is short and would otherwise use up turns.
    var first: any TaskExecutor { lanes[0] }

    /// One lane after the other.
    func next() -> any TaskExecutor {
        let number = turn.wrappingAdd(1, ordering: .relaxed).newValue
        return lanes[Int(UInt(bitPattern: number) % UInt(lanes.count))]
    }
}
