import ServiceSupport
import Testing

@Suite struct BackoffTests {
    private let restarts = Backoff(base: .milliseconds(250), cap: .seconds(30))

    @Test(
        "the plain delay doubles up to its cap",
        arguments: [(1, 250), (2, 500), (3, 1_000), (4, 2_000), (7, 16_000), (8, 30_000), (9, 30_000), (1_000, 30_000)])
    func curve(attempt: Int, milliseconds: Int) {
        #expect(restarts.plainDelay(attempt: attempt) == .milliseconds(milliseconds))
    }

    @Test("attempts before the first count as the first", arguments: [0, -1, Int.min])
    func early(attempt: Int) {
        #expect(restarts.plainDelay(attempt: attempt) == .milliseconds(250))
    }

    @Test("a base over the cap is the cap")
    func capped() {
        #expect(Backoff(base: .seconds(9), cap: .seconds(4)).plainDelay(attempt: 1) == .seconds(4))
    }

    @Test("jitter spreads over half its share either way, and over all of that")
    func jitter() {
        var generator = SeededGenerator(seed: 1)
        let delays = (0..<2_000).map { _ in restarts.delay(attempt: 4, using: &generator) }
        let (low, high) = (Duration.milliseconds(1_800), Duration.milliseconds(2_200))
        #expect(delays.allSatisfy { $0 >= low && $0 <= high })
        #expect(delays.contains { $0 < .milliseconds(1_820) })
        #expect(delays.contains { $0 > .milliseconds(2_180) })
    }

    @Test("without jitter every waiter waits the same")
    func plain() {
        var generator = SeededGenerator(seed: 2)
        let backoff = Backoff(base: .seconds(1), cap: .seconds(8), jitter: 0)
        #expect(backoff.delay(attempt: 3, using: &generator) == .seconds(4))
    }
}
