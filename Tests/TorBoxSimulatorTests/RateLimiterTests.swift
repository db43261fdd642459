import Testing

@testable import TorBoxSimulator

@Suite struct RateLimiterTests {
    @Test("each endpoint has a budget of its own, which comes back after a minute") func windows() {
        var limiter = RateLimiter()
        let limits = RateLimits(perMinute: 2)
        for _ in 0..<2 { #expect(limiter.admit(.torrentList, limits: limits, now: 0).refusal == nil) }
        let over = limiter.admit(.torrentList, limits: limits, now: 1_000)
        #expect(over.refusal?.status == 429)
        #expect(over.refusal?.headers.contains(.init(name: "retry-after", value: "59")) == true)
        #expect(limiter.admit(.usenetList, limits: limits, now: 1_000).refusal == nil)
        #expect(limiter.admit(.torrentList, limits: limits, now: 59_999).refusal != nil)
        #expect(limiter.admit(.torrentList, limits: limits, now: 60_000).refusal == nil)
    }

    @Test("creates at the edge are refused in plain text after ten a minute") func edge() {
        var limiter = RateLimiter()
        for _ in 0..<10 { #expect(limiter.admit(.torrentCreate, limits: RateLimits(), now: 0).refusal == nil) }
        let over = limiter.admit(.torrentCreate, limits: RateLimits(), now: 0)
        #expect(over.refusal?.contentType == "text/plain; charset=UTF-8")
    }

    @Test("without limits there are neither headers nor refusals") func off() {
        var limiter = RateLimiter()
        for _ in 0..<1_000 {
            let admission = limiter.admit(.torrentCreate, limits: .off, now: 0)
            #expect(admission.refusal == nil)
            #expect(admission.headers.isEmpty)
        }
    }

    @Test("answers count down, and the call after the last is a 429 that changes nothing") func overHTTP() async throws
    {
        let configuration = SimulatorConfiguration(clock: .standing(), rateLimits: RateLimits(perMinute: 2))
        try await SimulatorProbe.run(configuration: configuration) { probe in
            let id = probe.simulator.add(.completed("t"), to: SimulatorProbe.key)
            #expect(try await probe.list(.torrentList).headers["x-ratelimit-remaining"] == "1")
            let last = try await probe.list(.torrentList)
            #expect(last.headers["x-ratelimit-limit"] == "2")
            #expect(last.headers["x-ratelimit-remaining"] == "0")
            let over = try await probe.list(.torrentList)
            #expect(over.status == 429)
            #expect(over.text == "{\"detail\":\"2 per 1 minute\"}")
            #expect(Int(over.headers["retry-after"] ?? "") ?? 0 > 0)
            for _ in 0..<2 { _ = try await probe.post(.torrentControl, "{}") }
            let refused = try await probe.post(.torrentControl, "{\"torrent_id\":\(id),\"operation\":\"delete\"}")
            #expect(refused.status == 429)
            #expect(probe.simulator.items(.torrent, of: SimulatorProbe.key).count == 1)
        }
    }
}
