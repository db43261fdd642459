/// How many requests in which time, and what those over it are told.
package struct RateLimitPolicy: Sendable, Equatable {
    package let limit: Int
    package let window: Duration
    /// As the `RateLimit-Policy` header has it: `300;w=900`.
    let terms: String
    package var error: String
    package var detail: String
    package var code: String?

    package init(limit: Int, window: Duration, error: String, detail: String, code: String? = nil) {
        self.limit = limit
        self.window = window
        terms = "\(limit);w=\(window.components.seconds)"
        self.error = error
        self.detail = detail
        self.code = code
    }

    /// By client address, over all of `/api`. Source: REST contract, section 0.4.
    static func address(limit: Int) -> RateLimitPolicy {
        RateLimitPolicy(
            limit: limit, window: .seconds(15 * 60), error: "Too many requests from this IP",
            detail: "Wait until the window ends, then try again.")
    }

    /// By user, over all user routes. Source: REST contract, section 0.4.
    static func user(limit: Int) -> RateLimitPolicy {
        RateLimitPolicy(
            limit: limit, window: .seconds(15 * 60), error: "Too many requests",
            detail: "Wait until the window ends, then try again.")
    }

    /// By user, over the routes that add uploads. Source: REST contract, section 0.4.
    static func upload(limit: Int) -> RateLimitPolicy {
        RateLimitPolicy(
            limit: limit, window: .seconds(15 * 60), error: "Too many upload requests",
            detail: "Wait until the window ends, then try again.")
    }

    /// By client address, over the routes of administrators. Source: REST contract, section 0.4.
    static func admin(limit: Int) -> RateLimitPolicy {
        RateLimitPolicy(
            limit: limit, window: .seconds(15 * 60), error: "Too many admin requests",
            detail: "Wait until the window ends, then try again.")
    }
}
