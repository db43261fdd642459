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

    /// Adds the headers of draft 6, on accepted and refused answers alike. Nobody else writes them into the same answer.
    func describe(in headers: inout HTTPFields) {
        headers.append(contentsOf: [
            HTTPField(name: .rateLimitPolicy, value: policy.terms),
            HTTPField(name: .rateLimitLimit, value: String(policy.limit)),
            HTTPField(name: .rateLimitRemaining, value: String(remaining)),
            HTTPField(name: .rateLimitReset, value: String(resetSeconds)),
        ])
    }
}
