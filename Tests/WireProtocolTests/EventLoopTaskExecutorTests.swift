import EventLoopTasks
import NIOCore
import NIOPosix
import Synchronization
import Testing
import WireProtocol

@Suite struct EventLoopTaskExecutorTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    @Test("tasks, their children and what they call run on the loop") func onTheLoop() async {
        let loop = loop
        await withTaskExecutorPreference(EventLoopTaskExecutor(loop)) {
            #expect(loop.inEventLoop)
            await Task.yield()
            #expect(loop.inEventLoop)
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { loop.inEventLoop } }
                for await isOnLoop in group { #expect(isOnLoop) }
            }
            #expect(await Tally().add(1) == 1)
            #expect(loop.inEventLoop)
        }
    }

    @Test("jobs that beget jobs without end leave the loop room for others") func fairness() async throws {
        let loop = loop
        let isOver = Flag()
        let busy = Task(executorPreference: EventLoopTaskExecutor(loop)) {
            while !isOver.isRaised { await Task.yield() }
        }
        // Each of these needs a turn of the loop.
        for _ in 0..<20 { try await loop.submit {}.get() }
        isOver.raise()
        await busy.value
    }

    @Test("jobs from many threads all run, one after the other") func manyThreads() async {
        let executor = EventLoopTaskExecutor(loop)
        let tally = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<500 { await Task(executorPreference: executor) { _ = tally.next() }.value }
                }
            }
        }
        #expect(tally.count == 4_000)
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isRaised: Bool { value.load(ordering: .relaxed) }
        func raise() { value.store(true, ordering: .relaxed) }
    }

    private actor Tally {
        private var sum = 0
        func add(_ number: Int) -> Int {
            sum += number
            return sum
        }
    }
}
