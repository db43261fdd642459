import DomainModel
import Testing

@testable import TorBoxClient

@Suite struct RateLimiterTests {
    private let clock = ManualClock()
    private let pace = RatePace(requestsPerMinute: 100, reserve: 0.4, burst: 1)
    private var time: TimeSource { TimeSource(clock: clock) { Timestamp(milliseconds: 0) } }

    private func key(_ digit: Character = "a", _ endpoint: Endpoint = .torrentList) throws -> RateKey {
        guard let user = UserID.fixture(digit) else { throw NoFixture() }
        return RateKey(user: user, endpoint: endpoint)
    }

    @Test("a second request waits for its turn on the clock")
    func waits() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        let key = try key()
        try await limiter.acquire(key, until: .seconds(10))
        async let second: Void = limiter.acquire(key, until: .seconds(10))
        #expect(await eventually { clock.sleeperCount == 1 })
        clock.advance(by: .milliseconds(999))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .milliseconds(1))
        try await second
        #expect(limiter.wait(for: key) == .seconds(1))
    }

    @Test("those who wait go together, none before its time")
    func together() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        let keys = [try key("a"), try key("b")]
        for key in keys {
            clock.advance(by: .milliseconds(10))
            try await limiter.acquire(key, until: .seconds(10))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for key in keys { group.addTask { try await limiter.acquire(key, until: .seconds(10)) } }
            #expect(await eventually { clock.sleeperCount == 2 })
            // Due after 1.01 s and 1.02 s.
            clock.advance(by: .milliseconds(1_049) - .milliseconds(20))
            #expect(clock.sleeperCount == 2)
            clock.advance(by: .milliseconds(1))
            #expect(await eventually { clock.sleeperCount == 0 })
            try await group.waitForAll()
        }
    }

    @Test("nobody waits for company beyond the deadline")
    func companyAtDeadline() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        let key = try key()
        clock.advance(by: .milliseconds(10))
        try await limiter.acquire(key, until: .seconds(10))
        async let second: Void = limiter.acquire(key, until: .milliseconds(1_015))
        #expect(await eventually { clock.sleeperCount == 1 })
        clock.advance(by: .milliseconds(1_005))
        try await second
        #expect(limiter.wait(for: key) == .milliseconds(995))
    }

    @Test("keys and endpoints do not wait for each other")
    func separate() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        for key in [try key(), try key("b"), try key("a", .queue)] { try await limiter.acquire(key, until: .zero) }
        #expect(limiter.entryCount == 3)
    }

    @Test("a wait beyond the deadline is a rate limit with the time it would take")
    func deadline() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        let key = try key()
        try await limiter.acquire(key, until: .zero)
        let error = await #expect(throws: TorBoxError.self) {
            try await limiter.acquire(key, until: .milliseconds(500))
        }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(1))
    }

    @Test("a refusal that comes while others wait holds them back too")
    func refusedMeanwhile() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        let key = try key()
        try await limiter.acquire(key, until: .zero)
        async let second: Void = limiter.acquire(key, until: .seconds(100))
        #expect(await eventually { clock.sleeperCount == 1 })
        limiter.finish(key, RateObservation(isRefusal: true, retryAfter: .seconds(30)))
        clock.advance(by: .seconds(1))
        #expect(await eventually { clock.sleeperCount == 1 })
        #expect(limiter.wait(for: key) == .seconds(29))
        clock.advance(by: .seconds(29))
        try await second
    }

    @Test("a cancelled wait gives its place back")
    func cancelled() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        let key = try key()
        try await limiter.acquire(key, until: .zero)
        let waiting = Task { try await limiter.acquire(key, until: .seconds(10)) }
        #expect(await eventually { clock.sleeperCount == 1 })
        waiting.cancel()
        await #expect(throws: TorBoxError.cancelled) { try await waiting.value }
        #expect(limiter.wait(for: key) == .seconds(1))
    }

    @Test("when the edge turns us away, every key waits")
    func everyone() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        limiter.blockEveryone(for: .seconds(5))
        #expect(limiter.wait(for: try key("c")) == .seconds(5))
        let error = await #expect(throws: TorBoxError.self) { try await limiter.acquire(key("c"), until: .seconds(4)) }
        #expect(error?.retryAfter == .seconds(5))
    }

    @Test("idle keys are forgotten, and with too many busy ones a new key has to wait")
    func bounded() async throws {
        let limiter = RateLimiter(pace: pace, maximumEntries: 2, time: time)
        try await limiter.acquire(key("a"), until: .zero)
        try await limiter.acquire(key("b"), until: .zero)
        await #expect(throws: TorBoxError.self) { try await limiter.acquire(key("c"), until: .zero) }
        limiter.finish(try key("a"), nil)
        clock.advance(by: .seconds(2))
        try await limiter.acquire(key("c"), until: .seconds(2))
        #expect(limiter.entryCount == 2)
    }

    @Test("the summary tells the tightest window and who was told to wait, and forgets both in time")
    func summary() async throws {
        let limiter = RateLimiter(pace: pace, time: time)
        #expect(limiter.summary() == LimitSummary(lowestHeadroom: 60, blockedKeys: 0))
        try await limiter.acquire(key("a"), until: .zero)
        limiter.finish(try key("a"), RateObservation(limit: 100, remaining: 47, reset: .seconds(10)))
        try await limiter.acquire(key("b"), until: .zero)
        limiter.finish(try key("b"), RateObservation(isRefusal: true, retryAfter: .seconds(30)))
        #expect(limiter.summary() == LimitSummary(lowestHeadroom: 7, blockedKeys: 1))
        clock.advance(by: .seconds(31))
        #expect(limiter.summary() == LimitSummary(lowestHeadroom: 60, blockedKeys: 0))
    }
}
