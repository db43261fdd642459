/// Counts the calls of one account in fixed windows, in real time, per endpoint.
struct RateLimiter: Sendable {
    private struct Window: Sendable {
        var startedAt: Int
        var used: Int
    }

    private enum Budget: Hashable { case minute, edgeMinute, hour }

    private struct Key: Hashable {
        var endpoint: SimulatorEndpoint
        var budget: Budget
    }

    private var windows: [Key: Window] = [:]

    /// Counts a call.
    /// - Parameter now: Real Unix milliseconds.
    /// - Returns: The headers of the answer, and the 429 answer when a budget is used up.
    mutating func admit(
        _ endpoint: SimulatorEndpoint, limits: RateLimits, now: Int
    ) -> (headers: [Answer.HeaderLine], refusal: Answer?) {
        if endpoint.role == .create, let refusal = admitCreate(endpoint, limits, now: now) { return ([], refusal) }
        guard let limit = limits.perMinute else { return ([], nil) }
        let window = window(Key(endpoint: endpoint, budget: .minute), seconds: 60, now: now)
        let headers = Self.headers(limit: limit, used: window.used, resetAt: window.startedAt + 60_000)
        guard window.used > limit else { return (headers, nil) }
        var answer = Answer.text(429, "{\"detail\":\"\(limit) per 1 minute\"}")
        let seconds = max(1, (window.startedAt + 60_000 - now + 999) / 1_000)
        answer.headers = headers + [.init(name: "retry-after", value: String(seconds))]
        return (headers, answer)
    }

    /// The headers of an uncached create, which show the hourly budget. Source: torbox-api.md 4.1, [JIT].
    func createHeaders(_ endpoint: SimulatorEndpoint, limits: RateLimits) -> [Answer.HeaderLine] {
        guard let limit = limits.createsPerHour, let window = windows[Key(endpoint: endpoint, budget: .hour)] else {
            return []
        }
        return Self.headers(limit: limit, used: window.used, resetAt: window.startedAt + 3_600_000)
    }

    /// Gives an hourly create back: it was cached and belongs to the other budget.
    mutating func returnCreate(_ endpoint: SimulatorEndpoint) {
        windows[Key(endpoint: endpoint, budget: .hour)]?.used -= 1
    }

    private mutating func admitCreate(_ endpoint: SimulatorEndpoint, _ limits: RateLimits, now: Int) -> Answer? {
        if let limit = limits.createsPerMinute,
            window(Key(endpoint: endpoint, budget: .edgeMinute), seconds: 60, now: now).used > limit
        {
            return .text(429, "error code: 1015", contentType: "text/plain; charset=UTF-8")
        }
        if let limit = limits.createsPerHour,
            window(Key(endpoint: endpoint, budget: .hour), seconds: 3_600, now: now).used > limit
        {
            // The hourly answer has no headers at all.
            return .text(429, "{\"detail\":\"\(limit) per 1 hour\"}")
        }
        return nil
    }

    private mutating func window(_ key: Key, seconds: Int, now: Int) -> Window {
        var window = windows[key] ?? Window(startedAt: now, used: 0)
        if now - window.startedAt >= seconds * 1_000 { window = Window(startedAt: now, used: 0) }
        window.used += 1
        windows[key] = window
        return window
    }

    private static func headers(limit: Int, used: Int, resetAt: Int) -> [Answer.HeaderLine] {
        [
            .init(name: "x-ratelimit-limit", value: String(limit)),
            .init(name: "x-ratelimit-remaining", value: String(max(0, limit - used))),
            .init(name: "x-ratelimit-reset", value: String((resetAt + 999) / 1_000)),
        ]
    }
}
