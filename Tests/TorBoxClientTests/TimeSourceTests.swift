import NIOPosix
import Testing

@testable import TorBoxClient

@Suite(.timeLimit(.minutes(1))) struct TimeSourceTests {
    private let time = TimeSource.system

    @Test("a wait of the machine's clock lasts as long as it was asked for") func lasts() async throws {
        let began = time.uptime()
        try await time.sleep(.milliseconds(20))
        #expect(time.uptime() - began >= .milliseconds(20))
    }

    @Test("a cancelled wait ends at once with CancellationError, also when it was cancelled before") func cancelled()
        async
    {
        let time = time
        let waiting = Task { try await time.sleep(.seconds(3_600)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test("an alarm rings once, and not when it was cancelled") func alarm() async throws {
        let (rings, ring) = AsyncStream.makeStream(of: String.self)
        let cancelled = time.alarm(.milliseconds(1)) { ring.yield("cancelled") }
        cancelled.cancel()
        let kept = time.alarm(.milliseconds(5)) {
            ring.yield("kept")
            ring.finish()
        }
        defer { kept.cancel() }
        #expect(await rings.reduce(into: []) { $0.append($1) } == ["kept"])
    }
}
