import Testing

@testable import WorkerCore

@Suite struct StopSignalTests {
    @Test("whoever waits before or after the stop is let go", .timeLimit(.minutes(3))) func waits() async {
        let stop = StopSignal()
        #expect(!stop.isStopping)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { await stop.wait() } }
            stop.stop()
            await group.waitForAll()
        }
        await stop.wait()
        stop.stop()
        #expect(stop.isStopping)
    }

    @Test("a cancelled wait ends without a stop", .timeLimit(.minutes(3))) func cancelledWait() async {
        let stop = StopSignal()
        for _ in 0..<200 {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await stop.wait() }
                group.cancelAll()
            }
        }
        #expect(!stop.isStopping)
    }

    @Test("without a stop the body's value or error comes back", .timeLimit(.minutes(3))) func value() async throws {
        struct Odd: Error {}
        let stop = StopSignal()
        #expect(try await stop.cancellingOnStop { 7 } == 7)
        await #expect(throws: Odd.self) { try await stop.cancellingOnStop { throw Odd() } }
    }

    @Test("a stop cancels the body, which is waited for", .timeLimit(.minutes(3))) func stops() async {
        let (stop, began) = (StopSignal(), Gate())
        let ended = Counter()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await stop.cancellingOnStop {
                        defer { ended.add() }
                        began.open()
                        try await Task.sleep(for: .seconds(600))
                    }
                }
                #expect(ended.value == 1)
            }
            await began.pass()
            stop.stop()
        }
    }

    @Test("after a stop nothing new is worth its result", .timeLimit(.minutes(3))) func stoppedBefore() async {
        let stop = StopSignal()
        stop.stop()
        await #expect(throws: CancellationError.self) {
            try await stop.cancellingOnStop { try await Task.sleep(for: .seconds(600)) }
        }
    }
}
