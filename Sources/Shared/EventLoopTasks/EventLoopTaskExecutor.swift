package import NIOCore
import Synchronization

/// Runs tasks on an event loop, so that what a connection's bytes set off goes on where they arrived, without changes of
/// threads. For work that never waits, unless the loop is one that may.
///
/// Jobs that jobs set off run in the same turn of the loop: a turn asks the system for events, which costs more than most
/// jobs do.
package final class EventLoopTaskExecutor: TaskExecutor {
    /// Rounds of jobs after which the loop looks at its connections again.
    private static let roundsPerTurn = 32

    private struct State {
        var jobs: [UnownedJob] = []
        var isScheduled = false
    }

    package let loop: any EventLoop
    private let state = Mutex(State())

    package init(_ loop: any EventLoop) { self.loop = loop }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = state.withLock { state in
            state.jobs.append(job)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { loop.execute { self.runJobs() } }
    }

    private func runJobs() {
        var jobs: [UnownedJob] = []
        for _ in 0..<Self.roundsPerTurn {
            jobs.removeAll(keepingCapacity: true)
            state.withLock { state in
                swap(&state.jobs, &jobs)
                state.isScheduled = !jobs.isEmpty
            }
            if jobs.isEmpty { return }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
        loop.execute { self.runJobs() }
    }
}
