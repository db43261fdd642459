import DomainModel
import Testing

@testable import TorBoxClient

@Suite struct RetryPolicyTests {
    private func delay(
        _ attempt: Int, _ error: TorBoxError, remaining: Duration = .seconds(60), jitter: Double = 0
    ) -> Duration? {
        var generator = SystemRandom()
        return RetryPolicy(jitter: jitter)
            .delay(beforeRetry: attempt, after: error, remaining: remaining, using: &generator)
    }

    @Test("two repeats, the second after twice the pause")
    func pauses() {
        let error = TorBoxError(.timeout, "")
        #expect(delay(1, error) == .milliseconds(250))
        #expect(delay(2, error) == .milliseconds(500))
        #expect(delay(3, error) == nil)
    }

    @Test(
        "what will not change is not repeated",
        arguments: [
            TorBoxErrorCode.unauthorized, .planRestricted, .incomplete, .refused, .cancelled, .outOfTime,
        ])
    func final(code: TorBoxErrorCode) {
        #expect(delay(1, TorBoxError(code, "")) == nil)
    }

    @Test("a repeat waits as long as TorBox asks, and none is made without time for it")
    func deadline() {
        let limited = TorBoxError(.rateLimited, "", retryAfter: .seconds(7))
        #expect(delay(1, limited) == .seconds(7))
        #expect(delay(1, limited, remaining: .seconds(7)) == nil)
        #expect(delay(1, TorBoxError(.timeout, ""), remaining: .milliseconds(200)) == nil)
    }

    @Test("jitter stays within its share")
    func jitter() {
        var generator = SystemRandom()
        let policy = RetryPolicy(jitter: 0.5)
        for _ in 0..<200 {
            let delay = policy.delay(
                beforeRetry: 1, after: TorBoxError(.timeout, ""), remaining: .seconds(9), using: &generator)
            #expect(delay.map { $0 >= .milliseconds(125) && $0 <= .milliseconds(375) } == true)
        }
    }
}
