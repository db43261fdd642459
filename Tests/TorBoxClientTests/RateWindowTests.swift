import DomainModel
import NIOHTTP1
import Testing

@testable import TorBoxClient

@Suite struct RateWindowTests {
    private func wait(_ reservation: RateWindow.Reservation) -> Duration? {
        guard case .go(let wait) = reservation else { return nil }
        return wait
    }

    @Test("after a burst, requests are spread evenly")
    func spread() {
        var window = RateWindow(pace: RatePace(requestsPerMinute: 100, reserve: 0.4, burst: 1))
        #expect(wait(window.reserve(at: .zero, within: .seconds(60))) == .zero)
        #expect(wait(window.reserve(at: .zero, within: .seconds(60))) == .seconds(1))
        #expect(wait(window.reserve(at: .zero, within: .seconds(60))) == .seconds(2))
        #expect(window.wait(at: .milliseconds(2_500)) == .milliseconds(500))
    }

    @Test("no minute holds more than the allowance, however requests come", arguments: [1, 5, 20])
    func allowance(burst: Int) {
        let pace = RatePace(requestsPerMinute: 300, reserve: 0.2, burst: burst)
        var window = RateWindow(pace: pace)
        var sent: [Duration] = []
        for step in 0..<1_200 {
            let now = Duration.milliseconds(100 * step)
            if wait(window.reserve(at: now, within: .zero)) != nil { sent.append(now) }
        }
        for start in sent {
            #expect(sent.count { $0 >= start && $0 < start + .seconds(60) } <= 240)
        }
        #expect(sent.count >= 400)
    }

    @Test("by default, no second holds more than five requests")
    func perSecond() {
        var window = RateWindow(pace: RatePace())
        var sent: [Duration] = []
        for step in 0..<2_000 {
            let now = Duration.milliseconds(5 * step)
            if wait(window.reserve(at: now, within: .zero)) != nil { sent.append(now) }
        }
        for start in sent {
            #expect(sent.count { $0 >= start && $0 < start + .seconds(1) } <= 5)
        }
        #expect(sent.count >= 39)
    }

    @Test("a wait beyond the caller's time is refused and takes no place")
    func refused() {
        var window = RateWindow(pace: RatePace(requestsPerMinute: 100, reserve: 0.4, burst: 1))
        _ = window.reserve(at: .zero, within: .zero)
        #expect(window.reserve(at: .zero, within: .milliseconds(500)) == .refused(retryAfter: .seconds(1)))
        #expect(wait(window.reserve(at: .zero, within: .seconds(1))) == .seconds(1))
    }

    @Test("a place that was given back is free for the next")
    func givenBack() {
        var window = RateWindow(pace: RatePace(requestsPerMinute: 100, reserve: 0.4, burst: 1))
        _ = window.reserve(at: .zero, within: .zero)
        _ = window.reserve(at: .zero, within: .seconds(5))
        window.giveBack()
        #expect(window.wait(at: .zero) == .seconds(1))
        #expect(window.inFlight == 1)
    }

    @Test("a refusal closes the window for as long as it asks, a minute when it says nothing")
    func refusal() {
        var window = RateWindow(pace: RatePace())
        _ = window.reserve(at: .zero, within: .zero)
        window.finish(RateObservation(isRefusal: true, retryAfter: .seconds(300)), at: .seconds(1))
        #expect(window.wait(at: .seconds(1)) == .seconds(300))
        var silent = RateWindow(pace: RatePace())
        silent.finish(RateObservation(isRefusal: true), at: .zero)
        #expect(silent.wait(at: .zero) == .seconds(60))
    }

    @Test("retry-after on a success counts only with nothing remaining")
    func retryAfterOnSuccess() {
        var window = RateWindow(pace: RatePace())
        window.finish(RateObservation(limit: 5, remaining: 4, reset: .seconds(1), retryAfter: .seconds(1)), at: .zero)
        #expect(window.wait(at: .zero) == .zero)
        window.finish(RateObservation(limit: 5, remaining: 0, retryAfter: .seconds(7)), at: .zero)
        #expect(window.wait(at: .zero) == .seconds(7))
    }

    @Test("what TorBox reports as remaining is used down to the reserve and no further")
    func reserve() {
        var window = RateWindow(pace: RatePace(requestsPerMinute: 300, reserve: 0.2, burst: 50))
        window.finish(RateObservation(limit: 300, remaining: 62, reset: .seconds(40)), at: .zero)
        #expect(wait(window.reserve(at: .zero, within: .zero)) == .zero)
        #expect(wait(window.reserve(at: .zero, within: .zero)) == .zero)
        #expect(window.reserve(at: .zero, within: .seconds(1)) == .refused(retryAfter: .seconds(40)))
        #expect(window.wait(at: .seconds(40)) == .zero)
    }

    @Test("an answer that was overtaken does not bring requests back")
    func overtaken() {
        var window = RateWindow(pace: RatePace(requestsPerMinute: 300, reserve: 0, burst: 50))
        window.finish(RateObservation(limit: 300, remaining: 1, reset: .seconds(40)), at: .zero)
        window.finish(RateObservation(limit: 300, remaining: 2, reset: .seconds(40)), at: .zero)
        #expect(wait(window.reserve(at: .zero, within: .zero)) == .zero)
        #expect(window.reserve(at: .zero, within: .zero) == .refused(retryAfter: .seconds(40)))
    }

    @Test("a window is idle when nothing in it matters any more")
    func idle() {
        var window = RateWindow(pace: RatePace())
        _ = window.reserve(at: .zero, within: .zero)
        #expect(!window.isIdle(at: .seconds(100)))
        window.finish(nil, at: .seconds(1))
        #expect(window.isIdle(at: .seconds(100)))
        window.finish(RateObservation(isRefusal: true, retryAfter: .seconds(500)), at: .seconds(100))
        #expect(!window.isIdle(at: .seconds(599)))
        #expect(window.isIdle(at: .seconds(600)))
    }

    @Test("headers are read in every form they come in")
    func headers() {
        func read(_ fields: [(String, String)]) -> RateObservation {
            RateObservation(
                isRefusal: false, headers: HTTPHeaders(fields), now: Timestamp(milliseconds: 1_790_000_000_000))
        }
        #expect(
            read([("X-RateLimit-Limit", "300"), ("x-ratelimit-remaining", "299"), ("x-ratelimit-reset", "1790000030")])
                == RateObservation(limit: 300, remaining: 299, reset: .seconds(30)))
        #expect(read([("x-ratelimit-reset", "1790000030.5")]).reset == .milliseconds(30_500))
        #expect(read([("x-ratelimit-reset", "12")]).reset == .seconds(12))
        #expect(read([("x-ratelimit-reset", "1789999999")]).reset == nil)
        #expect(read([("retry-after", "1.5")]).retryAfter == .milliseconds(1_500))
        #expect(read([("retry-after", "999999999")]).retryAfter == .seconds(3_600))
        #expect(read([("retry-after", "-1"), ("x-ratelimit-limit", "nan")]) == RateObservation())
        #expect(read([("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")]).retryAfter == nil)
        #expect(read([("x-ratelimit-limit", "300, 300;w=60")]).limit == 300)
    }
}
