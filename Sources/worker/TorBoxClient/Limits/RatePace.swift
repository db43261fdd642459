/// How fast one key may use one endpoint.
package struct RatePace: Sendable, Equatable {
    /// What TorBox allows for each key and endpoint. Source: its support article on limits, 2026.
    package var requestsPerMinute: Int
    /// Share of it left for the user's own apps, 0 up to below 1.
    package var reserve: Double
    /// Requests that may go at once after a rest; they are part of the minute's allowance. With 2, no second holds more
    /// than five, the older form of TorBox's limit.
    package var burst: Int

    package init(requestsPerMinute: Int = 300, reserve: Double = 0.2, burst: Int = 2) {
        self.requestsPerMinute = max(1, requestsPerMinute)
        self.reserve = min(0.99, max(0, reserve))
        self.burst = max(1, burst)
    }

    /// Requests a minute that are ours: 240 of 300.
    var allowance: Int { max(1, requestsPerMinute - kept(of: requestsPerMinute)) }

    /// Time between two requests at full pace, such that a burst and a minute at that pace stay in the allowance.
    var interval: Duration { .seconds(60) / max(1, allowance - (burst - 1)) }

    /// How many of `limit` are the user's own apps'.
    func kept(of limit: Int) -> Int { Int((Double(limit) * reserve).rounded(.up)) }
}
