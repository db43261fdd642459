import HTTPTypes

extension HTTPFields {
    /// What the subscript gives, at half the cost for a field that comes once, as nearly all do.
    func text(of name: HTTPField.Name) -> String? {
        guard let index = firstIndex(where: { $0.name == name }) else { return nil }
        return self[(index + 1)...].contains { $0.name == name } ? self[name] : self[index].value
    }
}

extension HTTPField.Name {
    /// A name that is known to be well formed. The fallback is never used.
    private static func known(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .via }

    static let apiKey = known("x-api-key")
    static let adminKey = known("x-admin-key")
    static let authID = known("x-auth-id")
    static let serviceSecret = known("x-backend-service-secret")
    static let forwardedFor = known("x-forwarded-for")
    static let forwardedProtocol = known("x-forwarded-proto")
    static let accelBuffering = known("X-Accel-Buffering")
    static let correlationID = known("X-Correlation-Id")
    static let rateLimitPolicy = known("RateLimit-Policy")
    static let rateLimitLimit = known("RateLimit-Limit")
    static let rateLimitRemaining = known("RateLimit-Remaining")
    static let rateLimitReset = known("RateLimit-Reset")
}
