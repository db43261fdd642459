import HTTPTypes

/// What a limiter says about one request.
struct RateLimitDecision: Sendable, Equatable {
    var policy: RateLimitPolicy
    var remaining: Int
    /// Until the window ends, rounded up.
    var resetSeconds: Int
    var isExceeded: Bool

    /// Throws the 429 when the limit is exceeded.
    func check() throws(Problem) {
        guard isExceeded else { return }
        throw Problem(
            429, policy.error, detail: policy.detail, code: policy.code, retryAfterSeconds: max(1, resetSeconds))
    }

    /// The headers of draft 6, on accepted and refused answers alike.
    func describe(in headers: inout HTTPFields) {
        headers[.rateLimitPolicy] = policy.terms
        headers[.rateLimitLimit] = String(policy.limit)
        headers[.rateLimitRemaining] = String(remaining)
        headers[.rateLimitReset] = String(resetSeconds)
    }
}
