import DomainModel
import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import GatewayCore

/// REST contract, section 0.4.
@Suite struct RateLimitTests {
    private let policy = RateLimitPolicy(limit: 2, window: .seconds(900), error: "Too many", detail: "Wait")

    /// A clock that a test turns.
    private final class Dial: Sendable {
        private let moment = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { moment.withLock { $0 } }
        func advance(_ duration: Duration) { moment.withLock { $0 = $0.advanced(by: duration) } }
    }

    @Test("requests up to the limit pass, the next does not, and the window's end forgives")
    func window() {
        let dial = Dial()
        let limiter = RateLimiter(policy) { dial.now }
        #expect(limiter.hit("a").remaining == 1)
        dial.advance(.seconds(600))
        let second = limiter.hit("a")
        #expect(second.remaining == 0)
        #expect(second.resetSeconds == 300)
        #expect(!second.isExceeded)
        #expect(limiter.hit("a").isExceeded)
        #expect(!limiter.hit("b").isExceeded)
        dial.advance(.seconds(300))
        #expect(limiter.hit("a").remaining == 1)
    }

    @Test("a begun second counts whole")
    func rounding() {
        let dial = Dial()
        let limiter = RateLimiter(policy) { dial.now }
        _ = limiter.hit("a")
        dial.advance(.milliseconds(899_500))
        #expect(limiter.hit("a").resetSeconds == 1)
    }

    @Test("the number of remembered keys is bounded; windows that are over go first")
    func bounded() {
        let dial = Dial()
        let limiter = RateLimiter(policy, maximumKeys: 100) { dial.now }
        for number in 0..<100 { _ = limiter.hit("old\(number)") }
        dial.advance(.seconds(901))
        _ = limiter.hit("fresh")
        #expect(limiter.keyCount == 1)
        for number in 0..<1_000 { _ = limiter.hit("new\(number)") }
        #expect(limiter.keyCount <= 100)
    }

    @Test("the user limiter answers 429 with Retry-After and the draft's headers, per user")
    func userLimit() async throws {
        var configuration = GatewayConfiguration()
        configuration.userRateLimit = 2
        try await GatewayFixture.with(configuration) { gateway async throws in
            let path = "/api/automation/rules"
            let first = try await gateway.ask(.get, path)
            #expect(first["RateLimit-Policy"] == "2;w=900")
            #expect(first["RateLimit-Limit"] == "2")
            #expect(first["RateLimit-Remaining"] == "1")
            #expect(first["RateLimit-Reset"].flatMap { Int($0) }.map { (890...900).contains($0) } == true)
            #expect(try await gateway.ask(.get, "/api/archived-downloads").status == 200)
            let refused = try await gateway.ask(.get, path)
            #expect(refused.status == 429)
            #expect(refused["Retry-After"] == refused["RateLimit-Reset"])
            #expect(refused["RateLimit-Remaining"] == "0")
            #expect(refused.json["success"] == .bool(false))
            #expect(refused.json["detail"]?.stringValue?.isEmpty == false)
            #expect(try await gateway.ask(.get, path, key: "another-key-0123456789").status == 200)
        }
    }

    @Test("open and internal routes are not limited by user")
    func unlimited() async throws {
        var configuration = GatewayConfiguration()
        configuration.userRateLimit = 1
        try await GatewayFixture.with(configuration) { gateway async throws in
            let body = #"{"apiKey":"\#(GatewayFixture.key)"}"#
            for _ in 0..<3 {
                #expect(try await gateway.ask(.post, "/api/backend/api-key/ensure-db", body: body).status == 200)
                #expect(try await gateway.ask(.get, "/api/backend/status").status == 200)
            }
        }
    }

    @Test("the address limiter counts foreign addresses on /api only")
    func addressLimit() async throws {
        var configuration = GatewayConfiguration()
        configuration.addressRateLimit = 1
        configuration.trustsProxy = true
        try await GatewayFixture.with(configuration) { gateway async throws in
            func ask(_ address: String, _ path: String = "/api/backend/status") async throws -> TestAnswer {
                try await gateway.ask(.get, path, key: nil, [.forwardedFor: address])
            }
            #expect(try await ask("203.0.113.9")["RateLimit-Limit"] == "1")
            let refused = try await ask("198.51.100.1, 203.0.113.9")
            #expect(refused.status == 429)
            #expect(refused.error?.contains("IP") == true)
            #expect(refused["Retry-After"] != nil)
            #expect(try await ask("203.0.113.10").status == 200)
            #expect(try await ask("203.0.113.9", "/health").status == 200)
            for address in ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "::1", "::ffff:10.0.0.1"] {
                for _ in 0..<2 {
                    let answer = try await ask(address)
                    #expect(answer.status == 200)
                    #expect(answer["RateLimit-Limit"] == nil)
                }
            }
        }
    }

    @Test("admin and health paths are free of the address limiter")
    func freePaths() {
        #expect(AddressLimitMiddleware.isLimited(path: "/api/automation/rules"))
        #expect(!AddressLimitMiddleware.isLimited(path: "/api/admin/users"))
        #expect(!AddressLimitMiddleware.isLimited(path: "/api/health/detailed"))
        #expect(!AddressLimitMiddleware.isLimited(path: "/health"))
    }

    @Test("without a trusted proxy X-Forwarded-For is nothing but text")
    func untrusted() {
        let address = ClientAddress.of(peer: nil, forwardedFor: "10.0.0.1", trustsProxy: false)
        #expect(address == .unknown)
        #expect(ClientAddress.of(peer: nil, forwardedFor: "nonsense", trustsProxy: true) == .unknown)
    }

    @Test(
        "a peer is the address that its text names",
        arguments: ["127.0.0.1", "10.1.2.3", "203.0.113.9", "::1", "2001:db8:1:2::9", "::ffff:192.168.1.2"])
    func peers(text: String) throws {
        let peer = try SocketAddress(ipAddress: text, port: 4_711)
        let address = ClientAddress.of(peer: peer, forwardedFor: nil, trustsProxy: false)
        #expect(address == ClientAddress(text))
        #expect(address.isPrivate == !(text.hasPrefix("203") || text.hasPrefix("2001")))
    }

    @Test("keys are readable")
    func keys() {
        #expect(ClientAddress("203.0.113.9")?.key == "203.0.113.9")
        #expect(ClientAddress("::ffff:203.0.113.9")?.key == "203.0.113.9")
        #expect(ClientAddress("2001:db8:1:2::9")?.key == "2001:db8:1:2::/64")
    }

    @Test("addresses of one IPv6 network count as one")
    func ipv6() {
        #expect(ClientAddress("2001:db8:1:2::1")?.key == ClientAddress("2001:db8:1:2:ffff::9")?.key)
        #expect(ClientAddress("2001:db8:1:2::1")?.key != ClientAddress("2001:db8:1:3::1")?.key)
        #expect(ClientAddress("172.32.0.1")?.isPrivate == false)
        #expect(ClientAddress("1.2.3") == nil)
    }
}
