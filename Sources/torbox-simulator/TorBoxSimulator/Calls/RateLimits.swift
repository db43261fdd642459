/// How many calls TorBox takes, per account and endpoint. Source: torbox-api.md 4.1. nil means no limit.
package struct RateLimits: Sendable, Equatable {
    /// Calls a minute on one endpoint, creates of cached downloads included.
    package var perMinute: Int?
    /// Creates of uncached downloads an hour, and at the edge all creates a minute.
    package var createsPerHour: Int?
    package var createsPerMinute: Int?

    package init(perMinute: Int? = 300, createsPerHour: Int? = 60, createsPerMinute: Int? = 10) {
        self.perMinute = perMinute
        self.createsPerHour = createsPerHour
        self.createsPerMinute = createsPerMinute
    }

    /// Takes every call.
    package static let off = RateLimits(perMinute: nil, createsPerHour: nil, createsPerMinute: nil)
}
